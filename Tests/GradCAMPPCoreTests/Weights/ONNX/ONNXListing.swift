@testable import GradCAMPPCore

/// All that a document says, line by line, as `Tests/Goldens/onnx/record_onnx.py` writes it.
struct ONNXListing {
  private(set) var lines: [String] = []

  init(_ document: ONNXDocument) {
    add("format", "\(document.formatVersion)")
    add("producer", document.producer, document.producerVersion)
    for (domain, version) in document.versions.byDomain.sorted(by: { $0.key < $1.key }) {
      add("operators", domain, "\(version)")
    }
    for (key, value) in document.metadata.sorted(by: { $0.key < $1.key }) {
      add("metadata", key, value)
    }
    for input in document.graph.inputs { add("input", input) }
    for output in document.graph.outputs { add("output", output) }
    for tensor in document.graph.initializers {
      add("initializer", tensor.name, Self.description(tensor))
    }
    for node in document.graph.nodes { add(node) }
    for function in document.functions {
      let identity = function.identity
      add("function", identity.domain, identity.name, identity.overload)
      add("  inputs", Self.list(function.inputs))
      add("  outputs", Self.list(function.outputs))
      add("  attributes", Self.list(function.attributes))
      for attribute in function.defaults { add(attribute) }
      for node in function.nodes { add(node) }
    }
  }

  private mutating func add(_ words: String...) {
    lines.append(words.joined(separator: "|").replacing("\n", with: "\\n"))
  }

  private mutating func add(_ role: String, _ value: ONNXValueInfo) {
    let dimensions = value.dimensions.map { dimensions in
      Self.list(
        dimensions.map { dimension in
          switch dimension {
          case .fixed(let extent): "\(extent)"
          case .symbolic(let name): name
          case .unknown: "?"
          }
        })
    }
    add(role, value.name, value.type?.description ?? "?", dimensions ?? "?")
  }

  private mutating func add(_ node: ONNXNode) {
    add(
      "node", node.name, node.operatorName, node.domain, node.overload, "\(node.version)",
      Self.list(node.inputs), Self.list(node.outputs))
    if !node.scopes.isEmpty { add("  scopes", Self.list(node.scopes)) }
    for attribute in node.attributes { add(attribute) }
  }

  private mutating func add(_ attribute: ONNXAttribute) {
    let value =
      switch attribute.value {
      case .float(let number): "float|\(Self.hexadecimal(number.bitPattern))"
      case .integer(let number): "integer|\(number)"
      case .text(let text): "text|\(text)"
      case .tensor(let tensor): "tensor|\(Self.description(tensor))"
      case .floats(let numbers):
        "floats|\(Self.list(numbers.map { Self.hexadecimal($0.bitPattern) }))"
      case .integers(let numbers): "integers|\(Self.list(numbers.map(String.init)))"
      case .texts(let texts): "texts|\(Self.list(texts))"
      case .reference(let name): "reference|\(name)"
      case .unread: "unread"
      }
    add("  attribute", attribute.name, value)
  }

  /// Type, shape and a checksum of the elements' bytes.
  private static func description(_ tensor: ONNXTensor) -> String {
    let checksum = tensor.read { bytes in
      ~(0..<bytes.byteCount).reduce(UInt32.max) { checksum, index in
        let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        return checksum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: checksum) ^ byte)]
      }
    }
    return "\(tensor.type)|\(list(tensor.shape.extents.map(String.init)))|\(hexadecimal(checksum))"
  }

  private static func list(_ words: [String]) -> String { "[\(words.joined(separator: ", "))]" }

  private static func hexadecimal(_ number: UInt32) -> String { String(number, radix: 16) }

  /// CRC-32 of ISO 3309, reflected, as zlib has it.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xedb8_8320 : 0) }
  }
}
