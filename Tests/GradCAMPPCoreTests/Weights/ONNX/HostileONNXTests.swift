import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Files that no exporter writes: an error with a sentence, never a trap, never much memory.
@Suite struct HostileONNXTests {
  private static let samples = ["functions.onnx", "old.onnx", "quantised.onnx"]
  private static let recorded = WeightFiles.samples.deletingLastPathComponent()
    .appendingPathComponent("onnx")

  @Test(arguments: samples)
  func everyPrefixIsRefused(_ name: String) throws {
    let bytes = try WeightFiles.bytes(Self.recorded, name)
    for count in 1..<bytes.count {
      try WeightFiles.temporary(Array(bytes[..<count])) { path in
        _ = #expect(throws: GradCAMError.self, "\(count) bytes") {
          try ONNXDocument(path: path).inlined()
        }
      }
    }
  }

  /// 10,000 files, each with one to four bytes changed, removed or put in.
  @Test(arguments: samples + ["torchscript_17.onnx"])
  func changedBytesDoNoHarm(_ name: String) throws {
    let original = try WeightFiles.bytes(Self.recorded, name)
    var random = RepeatableRandom(seed: 2018)
    var refusals = 0
    for _ in 0..<2500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let byte = UInt8.random(in: 0...255, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(byte, at: place)
        default: bytes[place] = byte
        }
      }
      if try !isRead(bytes) { refusals += 1 }
    }
    // Numbers and names may be almost anything.
    #expect(refusals > 500)
  }

  /// Reads all that a file says; false when it is refused in one line that names it.
  private func isRead(_ bytes: [UInt8]) throws -> Bool {
    try WeightFiles.temporary(bytes) { path throws in
      do throws(GradCAMError) {
        let document = try ONNXDocument(path: path).inlined()
        for tensor in document.graph.initializers {
          let count = try tensor.weightArray()?.floats().count ?? tensor.integers()?.count
          #expect(count ?? tensor.shape.count == tensor.shape.count)
        }
        return true
      } catch {
        #expect(error.message.hasPrefix(path))
        #expect(!error.message.contains { $0.isNewline })
        return false
      }
    }
  }

  @Test func versionsOutsideTheRange() throws {
    let graph = ONNXWriter.graph([ONNXWriter.node("Relu", ["x"], ["y"])])
    for format: Int64 in [0, 2, 13, -1, .max, .min] {
      #expect(
        try ONNXFolder.refusal(ONNXWriter.model(format: format, graph: graph))
          == " is of ONNX's IR version \(format); expected 3 to 12")
    }
    for version: Int64 in [6, 25, 0, -1, .max] {
      #expect(
        try ONNXFolder.refusal(ONNXWriter.model(versions: [("", version)], graph: graph))
          == " uses version \(version) of ONNX's own operators; expected 7 to 24")
    }
    for (versions, words) in [
      ([("other", 1)], " imports no version of ONNX's own operators"),
      ([], " imports no version of ONNX's own operators"),
      ([("", 17), ("ai.onnx", 16)], "own operators twice, in version 17 and in version 16"),
      (
        [("", 17), ("a", 0)], " uses version 0 of the operators of \"a\"; expected 1 to 2147483647"
      ),
    ] as [([(domain: String, version: Int64)], String)] {
      #expect(
        try ONNXFolder.refusal(ONNXWriter.model(versions: versions, graph: graph)).hasSuffix(words))
    }
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: graph) { $0.bytes(20, []) })
        == " says how to train a network; expected one for inference alone")
    #expect(
      try ONNXFolder.refusal(
        ProtobufWriter {
          $0.integer(1, 8)
          $0.bytes(8, ONNXWriter.versions("", 17))
        }.bytes) == " holds no graph")
  }

  /// The sentence about a graph of ReLUs with these ends.
  private func refusal(
    _ ends: [(String, String)], initializers: [[UInt8]] = [], inputs: [String] = ["x"],
    outputs: [String] = ["y"]
  ) throws -> String {
    try ONNXFolder.refusal(
      ONNXWriter.model(
        graph: ONNXWriter.graph(
          ends.map { ONNXWriter.node("Relu", [$0.0], [$0.1]) }, initializers: initializers,
          inputs: inputs.map { ONNXWriter.value($0) }, outputs: outputs.map { ONNXWriter.value($0) }
        )
      ))
  }

  @Test func namesOfTwoThings() throws {
    let tensor = ONNXWriter.tensor("w", [1], [1])
    #expect(
      try refusal([("x", "y")], initializers: [tensor, tensor])
        == " has two initialisers named \"w\"")
    #expect(try refusal([("x", "y")], inputs: ["x", "x"]) == " has two inputs named \"x\"")
    #expect(try refusal([("x", "y")], outputs: ["y", "y"]) == " has two outputs named \"y\"")
    #expect(
      try refusal([("x", "y"), ("x", "y")]).hasSuffix(
        "computes \"y\", of which there is one already"))
    #expect(try refusal([("x", "x")]).contains("computes \"x\", of which there is one already"))
    #expect(
      try refusal([("x", "w")], initializers: [tensor]).contains(
        "computes \"w\", of which there is"))
    #expect(
      try refusal([("x", "y")], initializers: [ONNXWriter.tensor("", [1], [1])])
        == " has an initialiser without a name")
    let attribute = ONNXWriter.attribute("axis", type: 2) { $0.integer(3, 1) }
    #expect(
      try message(node: ONNXWriter.node("Relu", ["x"], ["y"], attributes: [attribute, attribute]))
        .hasSuffix("has two attributes named \"axis\""))
    let pair = ONNXWriter.pair("k", "v")
    #expect(
      try ONNXFolder.refusal(
        ONNXWriter.model(graph: ONNXWriter.graph([])) {
          $0.bytes(14, pair)
          $0.bytes(14, pair)
        }) == " has two metadata entries \"k\"")
  }

  @Test func valuesFromNowhere() throws {
    #expect(
      try refusal([("a", "y")])
        == ": node \"y\" (Relu 17) uses \"a\", which nothing before it computes")
    #expect(
      try refusal([("b", "a"), ("a", "b"), ("x", "y")]).contains("uses \"b\", which nothing before")
    )
    #expect(
      try refusal([("x", "a")]) == " has an output \"y\", which no node computes")
    #expect(try refusal([("x", "y")], outputs: []) == " has no outputs")
  }

  private func message(node: [UInt8]) throws -> String {
    try ONNXFolder.refusal(ONNXWriter.model(graph: ONNXWriter.graph([node])))
  }

  @Test func nodesOfNothing() throws {
    #expect(try message(node: ONNXWriter.node("Relu", ["x"], [])).hasSuffix("has no output"))
    #expect(try message(node: ONNXWriter.node("Relu", ["x"], [""])).hasSuffix("has no output"))
    #expect(try message(node: ONNXWriter.node("", ["x"], ["y"])).hasSuffix("names no operator"))
    let many = (0..<257).map { ONNXWriter.attribute("a\($0)", type: 2) { _ in } }
    #expect(
      try message(node: ONNXWriter.node("Relu", ["x"], ["y"], attributes: many)).hasSuffix(
        "has 257 attributes; expected at most 256"))
  }

  @Test func attributesOfTwoMinds() throws {
    for (type, fields, words) in [
      (2, { $0.float(2, 1) }, "\"a\" at byte 27 holds a float; expected an integer by its type 2"),
      (
        1,
        {
          $0.float(2, 1)
          $0.integer(3, 1)
        }, "has a float and an integer; expected one value"
      ),
      (4, { _ in }, "has type 4 but no tensor"), (0, { _ in }, "has type 0; expected 1 to 14"),
      (15, { _ in }, "has type 15; expected 1 to 14"),
      (
        2,
        {
          $0.text(21, "b")
          $0.integer(3, 1)
        }, "has an integer; expected one value"
      ),
    ] as [(Int64, ONNXWriter.Fields, String)] {
      let attribute = ONNXWriter.attribute("a", type: type, fields)
      let sentence = try message(
        node: ONNXWriter.node("Relu", ["x"], ["y"], attributes: [attribute]))
      #expect(sentence.hasSuffix(words), "\(sentence)")
    }
    let unnamed = ONNXWriter.attribute("", type: 2) { $0.integer(3, 1) }
    #expect(
      try message(node: ONNXWriter.node("Relu", ["x"], ["y"], attributes: [unnamed])).hasSuffix(
        "has no name"))
  }

  @Test func inputsThatAreNoTensors() throws {
    for (field, what) in [(4, "a sequence"), (5, "a map"), (8, "a sparse tensor")] {
      let value = ProtobufWriter {
        $0.text(1, "x")
        $0.message(2) { $0.bytes(field, []) }
      }.bytes
      let graph = ONNXWriter.graph([ONNXWriter.node("Relu", ["x"], ["y"])], inputs: [value])
      #expect(
        try ONNXFolder.refusal(ONNXWriter.model(graph: graph))
          == ": input \"x\" is \(what); expected a tensor")
    }
    for (extents, type, words) in [
      (["-2"], 1, ": input \"x\" has a dimension of -2; expected 0 or more"),
      (["1"], 8, "holds elements of type string; expected floating-point or whole numbers"),
      ([String](repeating: "1", count: 17), 1, "expected at most 16 dimensions"),
    ] as [([String], Int64, String)] {
      let graph = ONNXWriter.graph(
        [ONNXWriter.node("Relu", ["x"], ["y"])],
        inputs: [ONNXWriter.value("x", type: type, extents)])
      #expect(try ONNXFolder.refusal(ONNXWriter.model(graph: graph)).hasSuffix(words))
    }
  }

  @Test func sparseInitializers() throws {
    let graph = ONNXWriter.graph([ONNXWriter.node("Relu", ["x"], ["y"])]) { $0.bytes(15, []) }
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: graph)).hasSuffix(
        "expected no sparse initialiser: its tensor written in full"))
  }

  /// Messages that are never read may nest as they like; those that are end at a bound.
  @Test func deepNesting() throws {
    var graph: [UInt8] = []
    for _ in 0..<2000 {
      let branch = ONNXWriter.attribute("body", type: 5) { $0.bytes(6, graph) }
      graph = ONNXWriter.graph([ONNXWriter.node("Loop", ["x"], ["y"], attributes: [branch])])
    }
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: graph)).contains("has a graph as \"body\""))
    var type: [UInt8] = []
    for _ in 0..<2000 { type = ProtobufWriter { $0.bytes(4, type) }.bytes }
    let value = ProtobufWriter {
      $0.text(1, "x")
      $0.bytes(2, type)
    }.bytes
    let nested = ONNXWriter.graph([ONNXWriter.node("Relu", ["x"], ["y"])], inputs: [value])
    #expect(try ONNXFolder.refusal(ONNXWriter.model(graph: nested)).contains("is a sequence"))
  }

  @Test func moreMessagesThanAnyNetworkHas() throws {
    // Two bytes in the file for each node, or input of a node.
    let empty = (0..<9_000_000).map { UInt8($0 % 2 == 0 ? 0x0a : 0) }
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: empty)).contains("names no operator"))
    let graph = ProtobufWriter { $0.bytes(1, ProtobufWriter { $0.text(4, "Sum") }.bytes + empty) }
      .bytes
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: graph)).contains(
        "has more than 4000000 messages and texts; no network has"))
  }

  @Test func moreListedNumbersThanFit() throws {
    let tensor = ONNXWriter.tensor("w", type: 7, [1 << 26]) {
      $0.bytes(7, [UInt8](repeating: 1, count: 1 << 26))
    }
    let graph = ONNXWriter.graph([], initializers: [tensor])
    #expect(
      try ONNXFolder.refusal(ONNXWriter.model(graph: graph)).contains(
        "lists more than 33554432 numbers one by one; expected raw_data"))
  }
}
