import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// What a document says of nodes, attributes, inputs and outputs.
@Suite struct ONNXDocumentTests {
  private func graph(
    _ nodes: [[UInt8]], initializers: [[UInt8]] = [],
    inputs: [[UInt8]] = [ONNXWriter.value("x")]
  ) throws -> ONNXGraph {
    try ONNXFolder.read(
      ONNXWriter.model(
        graph: ONNXWriter.graph(nodes, initializers: initializers, inputs: inputs))
    ).graph
  }

  @Test func theModelsOwnFields() throws {
    let document = try ONNXFolder.read(
      ONNXWriter.model(
        format: 10, versions: [("ai.onnx", 21), ("com.example", 3)],
        graph: ONNXWriter.graph([ONNXWriter.node("Relu", ["x"], ["y"])])
      ) {
        $0.text(3, "1.2")
        $0.bytes(14, ONNXWriter.pair("labels", "cat\ndog"))
        $0.text(6, "a description that nobody needs")
      })
    #expect(document.formatVersion == 10)
    #expect(document.producer == "tests")
    #expect(document.producerVersion == "1.2")
    #expect(document.metadata == ["labels": "cat\ndog"])
    #expect(document.versions.byDomain == ["": 21, "com.example": 3])
    #expect(document.graph.name == "network")
    #expect(document.graph.nodes[0].version == 21)
  }

  @Test func aNodeWithoutANameHasItsOutputs() throws {
    let nodes = try graph([
      ONNXWriter.node("Relu", ["x"], ["", "a"]),
      ONNXWriter.node("Relu", ["a"], ["y"], name: "last"),
    ]).nodes
    #expect(nodes.map(\.name) == ["a", "last"])
    #expect(nodes[0].outputs == ["", "a"])
    #expect("\(nodes[1])" == "node \"last\" (Relu 17)")
  }

  @Test func attributesOfEveryType() throws {
    let attributes = [
      ONNXWriter.attribute("f", type: 1) { $0.float(2, 0.1) },
      ONNXWriter.attribute("i", type: 2) { $0.integer(3, -5) },
      ONNXWriter.attribute("s", type: 3) { $0.text(4, "same") },
      ONNXWriter.attribute("t", type: 4) { $0.bytes(5, ONNXWriter.tensor("", [2], [1, 2])) },
      ONNXWriter.attribute("fs", type: 6) { $0.bytes(7, ProtobufWriter.bytes([1, 2] as [Float])) },
      ONNXWriter.attribute("is", type: 7) {
        $0.integer(8, 1)
        $0.integer(8, .max)
      },
      ONNXWriter.attribute("ss", type: 8) {
        $0.text(9, "a")
        $0.text(9, "b")
      },
      // Zeros left out, as proto3 writes them; a type left out, as the first versions did.
      ONNXWriter.attribute("zero", type: 2) { _ in },
      ONNXWriter.attribute("none", type: 7) { _ in },
      ONNXWriter.attribute("old", type: 0) { $0.packed(8, [3]) },
    ]
    let node = try graph([ONNXWriter.node("Odd", ["x"], ["y"], attributes: attributes)]).nodes[0]
    func value(_ name: String) -> ONNXAttribute.Value? { node.attribute(name)?.value }
    guard case .float(0.1) = value("f"), case .integer(-5) = value("i"),
      case .text("same") = value("s"), case .floats([1, 2]) = value("fs"),
      case .integers([1, .max]) = value("is"), case .texts(["a", "b"]) = value("ss"),
      case .integer(0) = value("zero"), case .integers([]) = value("none"),
      case .integers([3]) = value("old"), case .tensor(let tensor) = value("t")
    else {
      Issue.record("read \(node.attributes)")
      return
    }
    #expect(try tensor.weightArray()?.floats() == [1, 2])
    #expect(node.attribute("missing") == nil)
  }

  @Test func extentsAreNumbersOrNamesOrUnknown() throws {
    let input = try graph(
      [ONNXWriter.node("Relu", ["x"], ["y"])],
      inputs: [ONNXWriter.value("x", type: 10, ["batch", "3", "", "-1", "0"])]
    ).inputs[0]
    #expect(
      input.dimensions == [.symbolic("batch"), .fixed(3), .unknown, .unknown, .fixed(0)])
    #expect(input.type == .float16)
    let bare = ProtobufWriter { $0.text(1, "x") }.bytes
    let untyped = try graph([ONNXWriter.node("Relu", ["x"], ["y"])], inputs: [bare]).inputs[0]
    #expect(untyped == ONNXValueInfo(name: "x", type: nil, dimensions: nil))
  }

  @Test func initializersAreNoInputs() throws {
    let graph = try graph(
      [ONNXWriter.node("Add", ["x", "w"], ["y"])], initializers: [ONNXWriter.tensor("w", [1], [2])],
      inputs: [ONNXWriter.value("x"), ONNXWriter.value("w")])
    #expect(graph.inputs.map(\.name) == ["x"])
    #expect(graph.initializers.map(\.name) == ["w"])
  }

  @Test func constantNodesHaveValues() throws {
    func constant(_ attributes: [[UInt8]]) throws -> ONNXTensor? {
      try graph([ONNXWriter.node("Constant", [], ["y"], attributes: attributes)]).nodes[0]
        .constant("m.onnx")
    }
    func one(_ name: String, _ type: Int64, _ fields: ONNXWriter.Fields) throws -> ONNXTensor {
      try #require(try constant([ONNXWriter.attribute(name, type: type, fields)]))
    }
    let float = try one("value_float", 1) { $0.float(2, 2.5) }
    #expect(try float.weightArray()?.floats() == [2.5])
    #expect(float.shape == Shape([]))
    #expect(float.name == "y")
    let floats = try one("value_floats", 6) {
      $0.bytes(7, ProtobufWriter.bytes([1, 2] as [Float]))
    }
    #expect(try floats.weightArray()?.floats() == [1, 2])
    let integer = try one("value_int", 2) { $0.integer(3, -7) }
    #expect(integer.integers() == [-7])
    let integers = try one("value_ints", 7) { $0.packed(8, [1, -1]) }
    #expect(integers.integers() == [1, -1])
    #expect(integers.shape == Shape([2]))
    let tensor = try one("value", 4) { $0.bytes(5, ONNXWriter.tensor("t", [1], [3])) }
    #expect(try tensor.weightArray()?.floats() == [3])
    #expect(tensor.name == "y")
    #expect(try graph([ONNXWriter.node("Relu", ["x"], ["y"])]).nodes[0].constant("m.onnx") == nil)

    let text = ONNXWriter.attribute("value_string", type: 3) { $0.text(4, "a") }
    let number = ONNXWriter.attribute("value_int", type: 2) { $0.integer(3, 1) }
    for (attributes, words) in [
      ([text], "the attributes \"value_string\""), ([], "no attributes"),
      ([number, text], "the attributes \"value_int\", \"value_string\""),
    ] {
      let error = #expect(throws: GradCAMError.self) { try constant(attributes) }
      #expect(
        error?.message
          == "m.onnx: node \"y\" (Constant 17) has \(words); expected one tensor or list of numbers"
      )
    }
  }

  @Test func modulePathsOfBothExporters() throws {
    #expect(ONNXModulePath.scopes("['', 'layer1', 'layer1.0', \"it's\"]").count == 4)
    #expect(ONNXModulePath.scopes("[]") == [])
    for text in ["", "[", "['a'", "['a' 'b']x", "[1]", "['a\\'b']", "a"] {
      #expect(ONNXModulePath.scopes(text) == [], "\(text)")
    }
    let scopes = ONNXWriter.pair(ONNXModulePath.scopesKey, "['', 'layer1', 'layer1.0', 'relu']")
    let node = try graph([ONNXWriter.node("Relu", ["x"], ["y"]) { $0.bytes(9, scopes) }]).nodes[0]
    #expect(node.scopes == ["", "layer1", "layer1.0", "relu"])
    #expect(node.modulePath == "layer1.0")
    for (name, path) in [
      ("/conv1/Conv", "conv1"), ("/layer1/layer1.0/conv2/Conv", "layer1.0.conv2"),
      ("/features/features.0/conv/conv.1/conv.1.0/Conv", "features.0.conv.1.0"),
      ("/Flatten", nil), ("node_Conv_877", nil), ("Conv_0", nil), ("/", nil),
    ] {
      #expect(ONNXModulePath.module(ofNode: name) == path, "\(name)")
    }
  }

  @Test func filesAreToldByTheirFirstFields() throws {
    func recognizes(_ bytes: [UInt8]) throws -> Bool {
      try WeightFiles.temporary(bytes) { path in
        ONNXFormat.recognizes(try MappedFile(path: path))
      }
    }
    let model = ONNXWriter.relu()
    #expect(try recognizes(model))
    // Cut short within the graph; fields in another order.
    #expect(try recognizes(Array(model[..<15])))
    #expect(
      try recognizes(
        ProtobufWriter {
          $0.bytes(8, ONNXWriter.versions("", 17))
          $0.bytes(7, ONNXWriter.graph([]))
          $0.integer(1, 8)
        }.bytes))
    for (bytes, what) in [
      (Array(model[..<4]), "what may be anything"),
      (ProtobufWriter { $0.integer(1, 8) }.bytes, "no graph"),
      (ProtobufWriter { $0.bytes(7, ONNXWriter.graph([])) }.bytes, "no version"),
      (
        ProtobufWriter {
          $0.integer(1, 1)
          $0.text(2, "a TensorFlow model's graph")
        }.bytes, "saved_model.pb"
      ),
      (SafetensorsWriter.sample().file(), "safetensors"), (Array("{\"a\": 1}".utf8), "JSON"),
      ([UInt8](repeating: 8, count: 64), "field 1 for ever"),
      ([UInt8](repeating: 0, count: 64), "zeros"),
    ] {
      #expect(try !recognizes(bytes), "\(what)")
    }
  }
}
