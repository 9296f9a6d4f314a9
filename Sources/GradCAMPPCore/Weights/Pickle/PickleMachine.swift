import GradCAMPPKernels

/// Reads a pickle into a `PickleDocument` and calls nothing.
///
/// Every operation takes at least one byte of the file and makes at most one value, one node and
/// one memo entry (a dictionary of pairs, whose entries are counted as operations, is the
/// exception), so the dialect's `operationLimit` bounds time, stack, memo and memory at once; the
/// sizes of text and bytes are checked against the file, and their contents stay there.
struct PickleMachine {
  let dialect: PickleDialect
  var reader: ByteReader
  var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo: [UInt32: PickleValue] = [:]
  var nodes: [PickleNode] = []

  /// Where the operation that is being carried out lies in the file.
  private var place: Int

  /// How many operations were carried out.
  private var operations = 0

  /// Reads the pickle at the reader's place and leaves the reader behind it.
  static func read(
    _ reader: inout ByteReader, _ dialect: PickleDialect
  ) throws(GradCAMError) -> PickleDocument {
    var machine = PickleMachine(reader, dialect)
    try machine.checkProtocol()
    while true {
      machine.place = machine.reader.offset
      try machine.count(1)
      let opcode = try machine.opcode()
      if opcode == .stop { break }
      try machine.perform(opcode)
    }
    reader = machine.reader
    return try machine.document()
  }

  private init(_ reader: ByteReader, _ dialect: PickleDialect) {
    self.dialect = dialect
    self.reader = reader
    place = reader.offset
  }

  /// Counts operations, or what costs as much.
  mutating func count(_ more: Int) throws(GradCAMError) {
    operations += more
    guard operations <= dialect.operationLimit else {
      throw GradCAMError(
        .badData,
        """
        \(reader.file.path) has more than \(dialect.operationLimit) pickle operations; a weight \
        file has about 60 for each array
        """)
    }
  }

  private mutating func checkProtocol() throws(GradCAMError) {
    guard try reader.integer(UInt8.self, "the pickle") == PickleOpcode.proto.rawValue else {
      throw error("does not begin a pickle of protocol 2 or later")
    }
    let version = try reader.integer(UInt8.self, "the pickle's protocol")
    guard 2...5 ~= version else {
      throw error("begins a pickle of protocol \(version); expected 2 to 5")
    }
  }

  private mutating func opcode() throws(GradCAMError) -> PickleOpcode {
    let code = try reader.integer(UInt8.self, "the next pickle operation")
    guard let opcode = PickleOpcode(rawValue: code),
      dialect.keepsForeignObjects || !opcode.isForForeignObjects
    else { throw error("has the code 0x\(String(code, radix: 16)), which no array needs") }
    return opcode
  }

  private mutating func document() throws(GradCAMError) -> PickleDocument {
    let root = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw error("ends the pickle inside a container") }
    return PickleDocument(file: reader.file, nodes: nodes, root: root)
  }

  /// An error about the operation that is being carried out.
  func error(_ sentence: String) -> GradCAMError {
    GradCAMError(
      .badData,
      "\(reader.file.path) is damaged: the pickle operation at byte \(place) \(sentence)")
  }

  /// An error about a reference to something that is no part of an array.
  func refusal(module: String, name: String) -> GradCAMError {
    let name = "\(module).\(name)".quoted.dropFirst().dropLast()
    return GradCAMError(
      .badData,
      """
      \(reader.file.path) refers to '\(name)' at byte \(place); a weight file may only contain \
      \(dialect.contents)
      """)
  }

  mutating func pop() throws(GradCAMError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw error("takes a value from an empty stack")
    }
    return value
  }

  /// Takes the values above the last mark, and the mark.
  mutating func popToMark() throws(GradCAMError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw error("takes values to a mark that is not set") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  /// Takes the last `count` values.
  mutating func pop(_ count: Int) throws(GradCAMError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw error("takes \(count) values from a stack of \(stack.count - (marks.last ?? 0))")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// The number of the node on top of the stack, which stays there.
  func topNode() throws(GradCAMError) -> Int {
    guard stack.count > marks.last ?? 0, case .node(let number) = stack.last else {
      throw error("changes a value that has no parts")
    }
    return number
  }

  mutating func push(_ kind: PickleNode.Kind, _ items: [PickleValue] = []) {
    stack.append(.node(nodes.count))
    nodes.append(PickleNode(kind: kind, items: items))
  }

  /// Adds `items` to the list or dictionary on top of the stack.
  mutating func extend(_ kind: PickleNode.Kind, _ items: [PickleValue]) throws(GradCAMError) {
    let number = try topNode()
    // A foreign object may be a list, set or dictionary of its own kind.
    if nodes[number].kind == .foreign { return }
    guard nodes[number].kind == kind else { throw error("adds to a value of another kind") }
    guard kind == .list || items.count.isMultiple(of: 2) else {
      throw error("adds a key without a value")
    }
    nodes[number].items.append(contentsOf: items)
  }

  mutating func remember(as key: UInt32) throws(GradCAMError) {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw error("remembers a value of an empty stack")
    }
    memo[key] = value
  }

  mutating func recall(_ key: UInt32) throws(GradCAMError) {
    guard let value = memo[key] else {
      throw error("recalls value \(key), which is not remembered")
    }
    stack.append(value)
  }
}
