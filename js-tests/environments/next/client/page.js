'use client'
import { useEffect } from 'react'
import { transcript } from '../transcript.js'

export default function Page() {
  useEffect(() => {
    try {
      globalThis.outcome = { text: transcript() }
    } catch (error) {
      globalThis.outcome = { error: String(error?.stack ?? error) }
    }
  }, [])
  return null
}
