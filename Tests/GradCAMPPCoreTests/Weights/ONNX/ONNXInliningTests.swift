import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

/// Functions of a file, written out.
@Suite struct ONNXInliningTests {
  private static let versions: [(domain: String, version: Int64)] = [("", 17), ("custom", 1)]

  private func model(_ nodes: [[UInt8]], _ functions: [[UInt8]]) -> [UInt8] {
    ONNXWriter.model(
      versions: Self.versions, graph: ONNXWriter.graph(nodes), functions: functions)
  }

  private func call(
    _ name: String, _ inputs: [String], _ outputs: [String], node: String = "",
    _ attributes: [[UInt8]] = []
  ) -> [UInt8] {
    ONNXWriter.node(
      name, inputs, outputs, name: node, domain: "custom", attributes: attributes)
  }

  /// Nodes as `name: Operator(inputs) -> outputs`.
  private func inlined(_ nodes: [[UInt8]], _ functions: [[UInt8]]) throws -> [String] {
    let document = try ONNXFolder.read(model(nodes, functions)).inlined()
    #expect(document.functions.isEmpty)
    return document.graph.nodes.map { node in
      "\(node.name): \(node.operatorName)(\(node.inputs.joined(separator: ","))) -> "
        + node.outputs.joined(separator: ",")
    }
  }

  private func refusal(_ nodes: [[UInt8]], _ functions: [[UInt8]]) throws -> String {
    try ONNXFolder.refusal(model(nodes, functions))
  }

  @Test func bodiesTakeTheCallsPlace() throws {
    let inner = ONNXWriter.function(
      "Inner", inputs: ["a"], outputs: ["b"],
      nodes: [
        ONNXWriter.node("Exp", ["a"], ["t"], name: "exp"), ONNXWriter.node("Relu", ["t"], ["b"]),
      ])
    let outer = ONNXWriter.function(
      "Outer", inputs: ["p", "q"], outputs: ["r"],
      nodes: [call("Inner", ["p"], ["t"], node: "in"), ONNXWriter.node("Add", ["t", "q"], ["r"])])
    #expect(
      try inlined(
        [
          call("Outer", ["x", "x"], ["t"], node: "one"), ONNXWriter.node("Neg", ["t"], ["u"]),
          call("Outer", ["t", "u"], ["y"], node: "two"),
        ], [inner, outer]) == [
          "one/in/exp: Exp(x) -> one/in/t", "one/in/b: Relu(one/in/t) -> one/t",
          "one/r: Add(one/t,x) -> t", "u: Neg(t) -> u", "two/in/exp: Exp(t) -> two/in/t",
          "two/in/b: Relu(two/in/t) -> two/t", "two/r: Add(two/t,u) -> y",
        ])
  }

  @Test func namesThatAreTakenGetANumber() throws {
    let function = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["c"],
      nodes: [ONNXWriter.node("Exp", ["a"], ["b"]), ONNXWriter.node("Relu", ["b"], ["c"])])
    #expect(
      try inlined(
        [
          ONNXWriter.node("Neg", ["x"], ["f/b"]), call("F", ["f/b"], ["t"], node: "f"),
          call("F", ["t"], ["y"], node: "f"),
        ], [function]) == [
          "f/b: Neg(x) -> f/b", "f/b: Exp(f/b) -> f/b_1", "f/c: Relu(f/b_1) -> t",
          "f/b: Exp(t) -> f/b_2", "f/c: Relu(f/b_2) -> y",
        ])
  }

  @Test func whatIsLeftOutStaysOut() throws {
    let function = ONNXWriter.function(
      "F", inputs: ["a", "low", "high"], outputs: ["b", "c"],
      nodes: [
        ONNXWriter.node("Clip", ["a", "low", "high"], ["b"]), ONNXWriter.node("Exp", ["b"], ["c"]),
      ])
    #expect(
      try inlined([call("F", ["x", ""], ["", "y"], node: "f")], [function]) == [
        "f/b: Clip(x,,) -> f/b", "f/c: Exp(f/b) -> y",
      ])
  }

  @Test func outputsThatAreInputsAreCopied() throws {
    let function = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["a", "b", "b"],
      nodes: [ONNXWriter.node("Exp", ["a"], ["b"])])
    #expect(
      try inlined(
        [
          call("F", ["x"], ["p", "q", "r"], node: "f"),
          ONNXWriter.node("Sum", ["p", "q", "r"], ["y"]),
        ], [function]) == [
          "f/b: Exp(x) -> q", "p: Identity(x) -> p", "r: Identity(q) -> r", "y: Sum(p,q,r) -> y",
        ])
  }

  @Test func attributesComeFromTheCall() throws {
    func reference(_ name: String, to other: String) -> [UInt8] {
      ONNXWriter.attribute(name, type: 2) { $0.text(21, other) }
    }
    func integer(_ name: String, _ value: Int64) -> [UInt8] {
      ONNXWriter.attribute(name, type: 2) { $0.integer(3, value) }
    }
    let function = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"], attributes: ["axis", "free"],
      nodes: [
        ONNXWriter.node(
          "Softmax", ["a"], ["b"],
          attributes: [
            reference("axis", to: "axis"), reference("other", to: "free"),
            reference("more", to: "default"), integer("own", 4),
          ])
      ]
    ) { $0.bytes(11, integer("default", 9)) }
    func attributes(_ given: [[UInt8]]) throws -> [String] {
      let document = try ONNXFolder.read(model([call("F", ["x"], ["y"], given)], [function]))
      return try document.inlined().graph.nodes[0].attributes.map { "\($0.name) \($0.value)" }
    }
    #expect(
      try attributes([integer("axis", 1)]) == [
        "axis integer(1)", "more integer(9)", "own integer(4)",
      ])
    #expect(
      try attributes([integer("free", 2), integer("default", 3)]) == [
        "other integer(2)", "more integer(3)", "own integer(4)",
      ])
    #expect(
      try refusal([call("F", ["x"], ["y"], [integer("axes", 1)])], [function]).hasSuffix(
        "node \"y\" (custom.F 1) has an attribute \"axes\"; expected one of the function's"))
    #expect(
      try refusal(
        [ONNXWriter.node("Softmax", ["x"], ["y"], attributes: [reference("axis", to: "a")])], []
      ).contains("refers to an attribute \"a\" of a function that it is not in"))
    let undeclared = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"],
      nodes: [ONNXWriter.node("Elu", ["a"], ["b"], attributes: [reference("alpha", to: "z")])])
    #expect(
      try refusal([call("F", ["x"], ["y"])], [undeclared]).contains(
        "of function \"custom.F\" refers to an attribute \"z\" that the function has not"))
  }

  @Test func bodiesKeepTheirVersions() throws {
    let function = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"], nodes: [ONNXWriter.node("Relu", ["a"], ["b"])],
      versions: [("", 13)])
    let nodes = try ONNXFolder.read(model([call("F", ["x"], ["y"])], [function])).inlined().graph
      .nodes
    #expect(nodes.map(\.version) == [13])
    let old = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"], nodes: [], versions: [("", 6)])
    #expect(try refusal([], [old]).contains("uses version 6 of ONNX's own operators; expected 7"))
  }

  @Test func overloadsAreToldApart() throws {
    let functions = ["Exp", "Neg"].map { name in
      ONNXWriter.function(
        "F", inputs: ["a"], outputs: ["b"], nodes: [ONNXWriter.node(name, ["a"], ["b"])]
      ) { if name == "Neg" { $0.text(13, "negative") } }
    }
    let negative = ONNXWriter.node("F", ["x"], ["y"], name: "f", domain: "custom") {
      $0.text(8, "negative")
    }
    #expect(try inlined([negative], functions) == ["f/b: Neg(x) -> y"])
    #expect(
      try refusal([negative], [functions[1], functions[1]]).hasSuffix(
        "defines function \"custom.F:negative\" twice"))
  }

  @Test func functionsMayNotCallThemselves() throws {
    let itself = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"], nodes: [call("F", ["a"], ["b"])])
    #expect(
      try refusal([call("F", ["x"], ["y"])], [itself]).hasSuffix(
        ": function \"custom.F\" calls itself"))
    let ring = (0..<3).map { index in
      ONNXWriter.function(
        "F\(index)", inputs: ["a"], outputs: ["b"],
        nodes: [call("F\((index + 1) % 3)", ["a"], ["b"])])
    }
    #expect(
      try refusal([call("F1", ["x"], ["y"])], ring).hasSuffix(
        ": function \"custom.F1\" calls itself"))
  }

  /// `count` functions, each of which calls the one after it `times` times.
  private func chain(_ count: Int, times: Int) -> [[UInt8]] {
    (0..<count).map { index in
      ONNXWriter.function(
        "F\(index)", inputs: ["v0"], outputs: ["v\(times)"],
        nodes: (0..<times).map { time in
          index + 1 < count
            ? call("F\(index + 1)", ["v\(time)"], ["v\(time + 1)"], node: "n")
            : ONNXWriter.node("Relu", ["v\(time)"], ["v\(time + 1)"], name: "n")
        })
    }
  }

  @Test func functionsMayNotExplode() throws {
    let small = try inlined([call("F0", ["x"], ["y"], node: "n")], chain(8, times: 2))
    #expect(small.count == 256)
    let large = try refusal([call("F0", ["x"], ["y"])], chain(31, times: 8))
    #expect(large.contains("has more than 2000000 nodes, inputs, outputs and attributes"))
    let deep = chain(33, times: 1)
    #expect(
      try refusal([call("F0", ["x"], ["y"])], deep).contains("within functions, more than 32 deep"))
    #expect(try inlined([call("F1", ["x"], ["y"], node: "n")], deep).count == 1)
    // The deeper half is known when the other half is looked at.
    let order = [call("F20", ["x"], ["t"]), call("F0", ["t"], ["y"])]
    #expect(try refusal(order, chain(40, times: 1)).contains("more than 32 deep"))
  }

  @Test func namesMayNotExplode() throws {
    let name = String(repeating: "n", count: 4000)
    let functions = (0..<12).map { index in
      ONNXWriter.function(
        "F\(index)", inputs: ["a"], outputs: ["c"],
        nodes: [("a", "b"), ("b", "c")].map { ends in
          index < 11
            ? call("F\(index + 1)", [ends.0], [ends.1], node: name)
            : ONNXWriter.node("Relu", [ends.0], [ends.1], name: name)
        })
    }
    #expect(
      try refusal([call("F0", ["x"], ["y"])], functions).contains(
        "has names of more than 67108864 bytes"))
  }

  @Test func callsMustFit() throws {
    let function = ONNXWriter.function(
      "F", inputs: ["a"], outputs: ["b"], nodes: [ONNXWriter.node("Relu", ["a"], ["b"])])
    #expect(
      try refusal([call("F", ["x", "x"], ["y"])], [function]).hasSuffix(
        "node \"y\" (custom.F 1) has 2 inputs and 1 outputs; expected at most 1 and 1"))
    #expect(
      try refusal([call("F", ["x"], ["y", "z"])], [function]).contains("1 inputs and 2 outputs"))
  }

  @Test func bodiesMustBeWhole() throws {
    for (inputs, outputs, nodes, words) in [
      (["a"], ["b"], [], "has an output \"b\", which no node computes"),
      (["a"], ["b"], [("c", "b")], "(Relu 17) uses \"c\", which nothing before it computes"),
      (["a"], ["b"], [("a", "b"), ("a", "b")], "computes \"b\", of which there is one already"),
      (["a", "a"], ["a"], [], "has an input named \"a\"; expected names that differ"),
      ([""], [], [], "has an input named \"\""),
    ] as [([String], [String], [(String, String)], String)] {
      let function = ONNXWriter.function(
        "F", inputs: inputs, outputs: outputs,
        nodes: nodes.map { ONNXWriter.node("Relu", [$0.0], [$0.1]) })
      #expect(try refusal([], [function]).contains(": function \"custom.F\""))
      #expect(try refusal([], [function]).contains(words))
    }
    let own = ONNXWriter.function("Relu", domain: "", inputs: ["a"], outputs: ["a"], nodes: [])
    #expect(
      try refusal([], [own]).contains("function \"Relu\" of domain \"\"; expected a name, and"))
  }

  @Test func otherSetsOfOperatorsAreRefused() throws {
    #expect(
      try refusal([call("Attention", ["x"], ["y"], node: "block0")], []).hasSuffix(
        ": node \"block0\" (custom.Attention 1) is of a set of operators that is not read; expected "
          + "ONNX's own and functions that the file defines"))
    #expect(
      try refusal([ONNXWriter.node("Gelu", ["x"], ["y"], domain: "com.other")], []).hasSuffix(
        ": the Gelu node at byte 13 is of operator set \"com.other\", of which the file imports no "
          + "version"))
  }

  @Test func branchesAndLoopsAreRefused() throws {
    let branch = ONNXWriter.attribute("then_branch", type: 5) { $0.bytes(6, [0xff, 0xff]) }
    #expect(
      try refusal([ONNXWriter.node("If", ["x"], ["y"], name: "if_0", attributes: [branch])], [])
        .hasSuffix(
          ": node \"if_0\" (If 17) has a graph as \"then_branch\"; expected a node that computes "
            + "tensors from tensors, without branches and loops"))
  }
}
