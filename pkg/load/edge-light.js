// Edge runtimes compile no bytes either; their bundlers ask for the compiled module in this way.
import module from '#module'

export function compile() {
  return module
}
