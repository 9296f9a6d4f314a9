import GradCAMPPKernels

extension PickleMachine {
  /// Python's longest module path is far shorter.
  private static let nameLimit = 256

  /// GLOBAL: two lines, a module and a name in it.
  mutating func global() throws(GradCAMError) {
    let module = try reader.line(limit: Self.nameLimit, "the name of a module")
    let name = try reader.line(limit: Self.nameLimit, "a name in a module")
    try push(
      module: String(decoding: reader.file.bytes(module), as: UTF8.self),
      name: String(decoding: reader.file.bytes(name), as: UTF8.self))
  }

  /// STACK_GLOBAL: the module and the name are the last two values.
  mutating func stackGlobal() throws(GradCAMError) {
    let texts = try pop(2)
    guard let module = try text(texts[0]), let name = try text(texts[1]) else {
      throw error("refers to something whose name is no text")
    }
    try push(module: module, name: name)
  }

  private mutating func push(module: String, name: String) throws(GradCAMError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw refusal(module: module, name: name)
    }
    stack.append(.global(global))
  }

  private func text(_ value: PickleValue) throws(GradCAMError) -> String? {
    guard case .text(let range) = value else { return nil }
    guard range.count <= Self.nameLimit else {
      throw error("refers to a name of \(range.count) bytes; expected \(Self.nameLimit) at most")
    }
    return String(decoding: reader.file.bytes(range), as: UTF8.self)
  }

  /// REDUCE, Python's call of a function with a tuple: here it only notes what would be made.
  mutating func reduce() throws(GradCAMError) {
    let call = try pop(2)
    guard case .global(let function) = call[0], case .node(let number) = call[1],
      nodes[number].kind == .tuple
    else { throw error("calls something that is no function") }
    let arguments = nodes[number].items
    switch function {
    case .reconstruct:
      guard arguments.count == 3, case .global(.ndarray) = arguments[0] else {
        throw error("makes something other than a numpy.ndarray")
      }
      push(.array, arguments)
    case .dtype:
      push(.elementType, arguments)
    case .encode:
      guard arguments.count == 2, case .text(let range) = arguments[0],
        let codec = try text(arguments[1]), codec == "latin1" || codec == "latin-1"
      else { throw error("encodes something other than text as latin1") }
      stack.append(.bytes(.latin1InUTF8(range)))
    case .ndarray:
      throw error("calls numpy.ndarray; expected an array as numpy.save writes it")
    }
  }

  /// BUILD: the last value becomes the state of the array or element type below it.
  mutating func build() throws(GradCAMError) {
    let state = try pop()
    let number = try topNode()
    guard nodes[number].kind == .array || nodes[number].kind == .elementType else {
      throw error("gives a state to something that is no NumPy array")
    }
    nodes[number].state = state
  }
}
