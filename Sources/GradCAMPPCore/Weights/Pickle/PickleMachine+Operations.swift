import GradCAMPPKernels

extension PickleMachine {
  /// Carries out one operation other than STOP.
  mutating func perform(_ opcode: PickleOpcode) throws(GradCAMError) {
    switch opcode {
    case .stop: break
    case .proto: _ = try reader.integer(UInt8.self, "the pickle's protocol")
    case .frame: try frame()
    case .mark: marks.append(stack.count)

    case .none: stack.append(.none)
    case .newTrue: stack.append(.boolean(true))
    case .newFalse: stack.append(.boolean(false))
    case .binInt: stack.append(.integer(Int(try argument(Int32.self))))
    case .binInt1: stack.append(.integer(Int(try argument(UInt8.self))))
    case .binInt2: stack.append(.integer(Int(try argument(UInt16.self))))
    case .long1: try long(size: Int(try argument(UInt8.self)))
    case .long4: try long(size: Int(try argument(Int32.self)))
    case .binFloat:
      _ = try argument(UInt64.self)
      stack.append(.real)

    case .emptySet: push(.foreign)
    case .addItems: try extend(.foreign, try popToMark())
    case .frozenSet:
      _ = try popToMark()
      push(.foreign)
    case .pop: try discard()
    case .popMark: _ = try popToMark()

    case .binString: try bytes(size: try argument(Int32.self))
    case .shortBinString, .shortBinBytes: try bytes(size: try argument(UInt8.self))
    case .binBytes: try bytes(size: try argument(UInt32.self))
    case .binBytes8, .byteArray8: try bytes(size: try argument(UInt64.self))
    case .shortBinUnicode: try text(size: try argument(UInt8.self))
    case .binUnicode: try text(size: try argument(UInt32.self))
    case .binUnicode8: try text(size: try argument(UInt64.self))

    case .emptyTuple: push(.tuple)
    case .tuple1: push(.tuple, try pop(1))
    case .tuple2: push(.tuple, try pop(2))
    case .tuple3: push(.tuple, try pop(3))
    case .tuple: push(.tuple, try popToMark())
    case .emptyList: push(.list)
    case .append: try extend(.list, try pop(1))
    case .appends: try extend(.list, try popToMark())
    case .emptyDict: push(.dictionary)
    case .setItem: try extend(.dictionary, try pop(2))
    case .setItems: try extend(.dictionary, try popToMark())

    case .binPut: try remember(as: UInt32(try argument(UInt8.self)))
    case .longBinPut: try remember(as: try argument(UInt32.self))
    case .memoize: try remember(as: UInt32(memo.count))
    case .binGet: try recall(UInt32(try argument(UInt8.self)))
    case .longBinGet: try recall(try argument(UInt32.self))

    case .global: try global()
    case .stackGlobal: try stackGlobal()
    case .reduce, .newObject: try reduce()
    case .build: try build()

    case .newObjectWithKeywords: try makeForeignObject(of: try pop(3)[0])
    case .object: try makeForeignObject(of: try popToMark().first ?? .none)
    case .instance: try instance()
    case .persistentIdentifier: try persistentObject(try pop())
    }
  }

  private mutating func argument<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(GradCAMError) -> Number {
    try reader.integer(type, "the argument of a pickle operation")
  }

  /// Frames only help to read ahead; the operations in one are read like any others.
  private mutating func frame() throws(GradCAMError) {
    let size = try argument(UInt64.self)
    guard size <= reader.remaining else {
      throw error("begins a frame of \(size) bytes; \(reader.remaining) are left")
    }
  }

  /// A signed little-endian integer of `size` bytes.
  private mutating func long(size: Int) throws(GradCAMError) {
    if dialect.keepsForeignObjects, size > 8 {
      // No size or count; the state of a random generator may be one.
      _ = try reader.skip(size, "an integer")
      return stack.append(.longInteger)
    }
    guard 0...8 ~= size else { throw error("has an integer of \(size) bytes; expected 0 to 8") }
    let digits = try reader.bytes(size, "an integer")
    let isNegative = digits.last.map { $0 >= 0x80 } ?? false
    let integer = digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    stack.append(.integer(integer))
  }

  private mutating func bytes(size: some BinaryInteger) throws(GradCAMError) {
    stack.append(.bytes(.stored(try contents(size: size))))
  }

  private mutating func text(size: some BinaryInteger) throws(GradCAMError) {
    stack.append(.text(try contents(size: size)))
  }

  private mutating func contents(size: some BinaryInteger) throws(GradCAMError) -> Range<Int> {
    guard let count = Int(exactly: size), count >= 0 else {
      throw error("has text or bytes of the impossible size \(size)")
    }
    return try reader.skip(count, "text or bytes")
  }
}
