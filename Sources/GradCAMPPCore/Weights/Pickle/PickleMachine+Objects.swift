import GradCAMPPKernels

extension PickleMachine {
  /// Python's longest module path is far shorter.
  private static let nameLimit = 256

  /// GLOBAL: two lines, a module and a name in it.
  mutating func global() throws(GradCAMError) {
    let module = try reader.line(limit: Self.nameLimit, "the name of a module")
    try push(module: module, name: try reader.line(limit: Self.nameLimit, "a name in a module"))
  }

  /// STACK_GLOBAL: the module and the name are the last two values.
  mutating func stackGlobal() throws(GradCAMError) {
    let texts = try pop(2)
    guard case .text(let module) = texts[0], case .text(let name) = texts[1] else {
      throw error("refers to something whose name is no text")
    }
    try push(module: module, name: name)
  }

  /// Pushes the object whose module and name lie there in the file.
  private mutating func push(
    module: Range<Int>, name: Range<Int>
  ) throws(GradCAMError) {
    let known = PickleGlobalName(try text(module), try text(name))
    if let global = dialect.globals[known] {
      stack.append(.global(global))
    } else if dialect.keepsForeignObjects {
      push(.foreignName, [.text(module), .text(name)])
    } else {
      throw refusal(module: known.module, name: known.name)
    }
  }

  private func text(_ range: Range<Int>) throws(GradCAMError) -> String {
    guard range.count <= Self.nameLimit else {
      throw error("refers to a name of \(range.count) bytes; expected \(Self.nameLimit) at most")
    }
    return String(decoding: reader.file.bytes(range), as: UTF8.self)
  }

  /// REDUCE, Python's call of a function with a tuple, and NEWOBJ, the same of a class: here they
  /// only note what would be made.
  mutating func reduce() throws(GradCAMError) {
    let call = try pop(2)
    guard case .node(let number) = call[1], nodes[number].kind == .tuple else {
      throw error("calls something that is no function")
    }
    guard case .global(let function) = call[0] else {
      guard dialect.keepsForeignObjects else { throw error("calls something that is no function") }
      return try makeForeignObject(of: call[0])
    }
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
        case .text(let codec) = arguments[1], ["latin1", "latin-1"].contains(try text(codec))
      else { throw error("encodes something other than text as latin1") }
      stack.append(.bytes(.latin1InUTF8(range)))
    case .ndarray:
      throw error("calls numpy.ndarray; expected an array as numpy.save writes it")
    case .orderedDictionary:
      try makeDictionary(arguments)
    case .rebuildTensor:
      push(.tensor, arguments)
    case .rebuildTypedTensor:
      push(.typedTensor, arguments)
    case .rebuildParameter:
      guard let tensor = arguments.first else { throw error("makes a parameter of nothing") }
      stack.append(tensor)
    case .storageType, .untypedStorage:
      push(.foreign)
    }
  }

  /// BUILD: the last value becomes the state of the array, element type or tensor below it.
  mutating func build() throws(GradCAMError) {
    let state = try pop()
    if dialect.keepsForeignObjects, stack.count > marks.last ?? 0, case .global = stack.last {
      return
    }
    let number = try topNode()
    switch nodes[number].kind {
    case .array, .elementType, .tensor, .typedTensor: nodes[number].state = state
    default:
      // An OrderedDict's is `_metadata`: versions of modules.
      guard dialect.keepsForeignObjects else {
        throw error("gives a state to something that is no NumPy array")
      }
    }
  }
}
