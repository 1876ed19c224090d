// Workers compile no bytes inside a request: their bundler hands over the module, compiled.
import module from '#module'

export function compile() {
  return module
}
