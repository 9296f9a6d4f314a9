/// Writes ONNX files, well-formed or not, for tests.
///
/// Each function gives one message; `more` adds fields to it or spoils it.
enum ONNXWriter {
  typealias Fields = (inout ProtobufWriter) -> Void

  /// ModelProto.
  static func model(
    format: Int64 = 8, versions: [(domain: String, version: Int64)] = [("", 17)],
    graph: [UInt8], functions: [[UInt8]] = [], more: Fields = { _ in }
  ) -> [UInt8] {
    ProtobufWriter {
      $0.integer(1, format)
      $0.text(2, "tests")
      $0.bytes(7, graph)
      for entry in versions { $0.bytes(8, self.versions(entry.domain, entry.version)) }
      more(&$0)
      for function in functions { $0.bytes(25, function) }
    }.bytes
  }

  /// OperatorSetIdProto.
  static func versions(_ domain: String, _ version: Int64) -> [UInt8] {
    ProtobufWriter {
      if !domain.isEmpty { $0.text(1, domain) }
      $0.integer(2, version)
    }.bytes
  }

  /// GraphProto.
  static func graph(
    _ nodes: [[UInt8]], initializers: [[UInt8]] = [], inputs: [[UInt8]] = [value("x")],
    outputs: [[UInt8]] = [value("y")], more: Fields = { _ in }
  ) -> [UInt8] {
    ProtobufWriter {
      for node in nodes { $0.bytes(1, node) }
      $0.text(2, "network")
      for initializer in initializers { $0.bytes(5, initializer) }
      for input in inputs { $0.bytes(11, input) }
      for output in outputs { $0.bytes(12, output) }
      more(&$0)
    }.bytes
  }

  /// NodeProto.
  static func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String], name: String = "",
    domain: String = "", attributes: [[UInt8]] = [], more: Fields = { _ in }
  ) -> [UInt8] {
    ProtobufWriter {
      for input in inputs { $0.text(1, input) }
      for output in outputs { $0.text(2, output) }
      if !name.isEmpty { $0.text(3, name) }
      $0.text(4, operatorName)
      for attribute in attributes { $0.bytes(5, attribute) }
      if !domain.isEmpty { $0.text(7, domain) }
      more(&$0)
    }.bytes
  }

  /// AttributeProto; without a type if that is 0.
  static func attribute(_ name: String, type: Int64, _ value: Fields) -> [UInt8] {
    ProtobufWriter {
      $0.text(1, name)
      value(&$0)
      if type != 0 { $0.integer(20, type) }
    }.bytes
  }

  /// TensorProto.
  static func tensor(
    _ name: String, type: Int64 = 1, _ extents: [Int64], _ data: Fields
  ) -> [UInt8] {
    ProtobufWriter {
      $0.packed(1, extents)
      $0.integer(2, type)
      if !name.isEmpty { $0.text(8, name) }
      data(&$0)
    }.bytes
  }

  /// TensorProto of float32 numbers as `raw_data`.
  static func tensor(_ name: String, _ extents: [Int64], _ numbers: [Float]) -> [UInt8] {
    tensor(name, extents) { $0.bytes(9, ProtobufWriter.bytes(numbers)) }
  }

  /// TensorProto whose data is in another file.
  static func tensor(
    _ name: String, _ extents: [Int64], external entries: [(String, String)]
  ) -> [UInt8] {
    tensor(name, extents) {
      for entry in entries { $0.bytes(13, pair(entry.0, entry.1)) }
      $0.integer(14, 1)
    }
  }

  /// ValueInfoProto of a tensor; an extent is a number, a name or, if that is empty, unknown.
  static func value(_ name: String, type: Int64 = 1, _ extents: [String] = []) -> [UInt8] {
    ProtobufWriter {
      $0.text(1, name)
      $0.message(2) {
        $0.message(1) {
          $0.integer(1, type)
          $0.message(2) {
            for extent in extents {
              $0.message(1) {
                if let number = Int64(extent) {
                  $0.integer(1, number)
                } else if !extent.isEmpty {
                  $0.text(2, extent)
                }
              }
            }
          }
        }
      }
    }.bytes
  }

  /// FunctionProto.
  static func function(
    _ name: String, domain: String = "custom", inputs: [String], outputs: [String],
    attributes: [String] = [], nodes: [[UInt8]],
    versions: [(domain: String, version: Int64)] = [("", 17), ("custom", 1)],
    more: Fields = { _ in }
  ) -> [UInt8] {
    ProtobufWriter {
      $0.text(1, name)
      for input in inputs { $0.text(4, input) }
      for output in outputs { $0.text(5, output) }
      for attribute in attributes { $0.text(6, attribute) }
      for node in nodes { $0.bytes(7, node) }
      for entry in versions { $0.bytes(9, self.versions(entry.domain, entry.version)) }
      $0.text(10, domain)
      more(&$0)
    }.bytes
  }

  /// StringStringEntryProto.
  static func pair(_ key: String, _ value: String) -> [UInt8] {
    ProtobufWriter {
      $0.text(1, key)
      $0.text(2, value)
    }.bytes
  }

  /// A model of one ReLU.
  static func relu() -> [UInt8] { model(graph: graph([node("Relu", ["x"], ["y"])])) }
}
