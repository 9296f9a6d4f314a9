import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("What a graph says that cannot be served is refused by name")
struct GraphCheckTests {
  /// A picture of 2 x 3 x 3 into one node.
  private func graph(
    _ operation: String, _ attributes: [String: AttributeValue] = [:],
    constants: [String: GraphConstant] = [:], inputs: [String] = ["input"]
  ) -> Graph {
    var graph = Graph(origin: "a.graph")
    graph.inputs = [
      Graph.Input(
        name: "input", extents: [.fixed(1), .fixed(2), .fixed(3), .fixed(3)],
        layout: .channelsFirst)
    ]
    graph.constants = constants
    graph.outputs = [graph.add(operation, name: "step", inputs, attributes)]
    return graph
  }

  private func message(_ graph: Graph) -> String {
    let error = #expect(throws: GradCAMError.self) {
      var graph = graph
      try GraphPasses.apply(to: &graph)
      _ = try GraphLowering.network(of: graph)
    }
    return error?.message ?? ""
  }

  private func ones(_ shape: [Int]) throws -> GraphConstant {
    try GraphConstant(Shape(shape), [Float](repeating: 1, count: shape.reduce(1, *)))
  }

  @Test("operations, attributes and their values")
  func refusals() throws {
    let weights = try ones([4, 2, 3, 3])
    let pool: [String: AttributeValue] = ["kernel_shape": .integers([2, 2])]
    func conv(_ attributes: [String: AttributeValue]) -> Graph {
      graph("Conv", attributes, constants: ["w": weights], inputs: ["input", "w"])
    }
    func changed(_ name: String, _ value: AttributeValue) -> [String: AttributeValue] {
      pool.merging([name: value]) { $1 }
    }
    let cases: [(Graph, String)] = [
      (graph("Frobnicate"), "node \"step\" (Frobnicate) is of an operation that is not known"),
      (graph("Relu", ["alpha": .number(0.1)]), "has an attribute \"alpha\" (0.1), which is not"),
      (conv(["group": .integer(3)]), "weights of shape 4x2x3x3 for 2 channels in 3 groups"),
      (conv(["group": .integer(0)]), "in 0 groups"),
      (conv(["group": .text("2")]), "has group \"2\"; expected a whole number"),
      (conv(["strides": .integers([1])]), "has strides [1]; expected 2 numbers from 1"),
      (conv(["strides": .integers([1, 0])]), "has strides [1, 0]; expected 2 numbers from 1"),
      (conv(["pads": .integers([-1, 0, 0, 0])]), "expected 4 numbers from 0"),
      (conv(["pads": .integers([1 << 40, 0, 0, 0])]), "expected 4 numbers from 0 to 2^24"),
      (conv(["dilations": .integers([2, 2])]), "windows of [5, 5] cells for an input of [3, 3]"),
      (conv(["auto_pad": .text("SOME")]), "has auto_pad \"SOME\"; expected NOTSET, VALID"),
      (conv(["kernel_shape": .integers([5, 5])]), "and kernel_shape [5, 5]"),
      (graph("MaxPool"), "has windows of [0, 0]"),
      (graph("MaxPool", changed("storage_order", .integer(1))), "storage_order 1; expected 0"),
      (graph("MaxPool", changed("dilations", .integers([3, 1]))), "windows of [4, 2] cells"),
      (graph("AveragePool", changed("pads", .integers([0, 2, 0, 0]))), "less than the kernel"),
      (
        graph("AveragePool", changed("count_include_pad", .integer(3))),
        "has count_include_pad 3; expected 0 or 1"
      ),
      (graph("Add"), "has 1 inputs; expected 2"),
      (graph("Sum", constants: ["w": weights], inputs: ["input", "w"]), "expected one shape"),
      (
        graph("Mul", constants: ["w": try ones([4])], inputs: ["input", "w"]),
        "combines tensors of shapes 1x2x3x3 and 4; expected for each axis one extent, or 1"
      ),
      (
        graph(
          "Div", constants: ["w": try GraphConstant(Shape([1]), [.nan])], inputs: ["input", "w"]),
        "holds NaN or infinity"
      ),
      (graph("Max"), "has 1 inputs; expected 2"),
      (graph("Concat", inputs: ["input", "input"]), "does not say which axis"),
      (
        graph("Concat", ["axis": .integer(1)], constants: ["w": weights], inputs: ["input", "w"]),
        "joins tensors of shapes 1x2x3x3 and 4x2x3x3 along axis 1"
      ),
      (graph("Split", ["axis": .integer(1), "split": .integers([1])]), "1 parts that add up"),
      (graph("Split", ["num_outputs": .integer(2)]), "num_outputs 2; expected 1"),
      (graph("Squeeze", ["axes": .integers([1])]), "takes axes [1] from a tensor of shape 1x2x3x3"),
      (graph("Unsqueeze", ["axes": .integers([1, 1])]), "expected each axis once"),
      (graph("Unsqueeze", ["axes": .integers([9])]), "has axes [9]; expected some of 5 axes"),
      (graph("Clip", ["min": .number(2), "max": .number(1)]), "clips to 2.0 and 1.0"),
      (graph("Celu", ["alpha": .number(0)]), "expected a number above 0"),
      (graph("Elu", ["alpha": .number(.infinity)]), "has alpha inf; expected a finite number"),
      (graph("Gelu", ["approximate": .text("some")]), "expected none or tanh"),
      (
        graph("PRelu", constants: ["w": weights], inputs: ["input", "w"]),
        "has slopes of shape 4x2x3x3; expected one for each channel"
      ),
      (
        graph("PRelu", constants: ["w": try ones([3, 1])], inputs: ["input", "w"]),
        "along other axes than the channels"
      ),
      (graph("Cast", ["to": .integer(10)]), "has to 10; expected 1 or 11"),
      (graph("MaxPool", changed("pads", .integers([2, 0, 0, 0]))), "less than the kernel [2, 2]"),
      (graph("MaxPool", changed("ceil_mode", .integer(2))), "has ceil_mode 2; expected 0 or 1"),
      (graph("Flatten", ["axis": .integer(5)]), "has axis 5; expected one of 4 axes"),
      (graph("Pad", ["pads": .integers([0, 0, 1])]), "has pads [0, 0, 1]; expected 8 numbers"),
      (
        graph("Pad", ["mode": .text("mean"), "pads": .integers(.init(repeating: 0, count: 8))]),
        "has mode \"mean\"; expected one of constant, reflect, edge, wrap"
      ),
      (graph("Pad", ["pads": .integers(.init(repeating: 1 << 23, count: 8))]), "fit no memory"),
      (
        graph("Pad", ["pads": .integers(.init(repeating: 1, count: 8))]),
        "node \"step\" (Pad) pads axis 0, the batch"
      ),
      (graph("Transpose", ["perm": .integers([0, 1, 1, 2])]), "expected each of 4 axes once"),
      (
        graph("Reshape", ["shape": .integers([1, 7])]), "wants extents [1, 7] of a tensor of shape"
      ),
      (graph("Reshape", ["shape": .integers([-1, -1])]), "wants extents [-1, -1]"),
      (graph("Reshape", ["shape": .integers([1 << 40, 1 << 40])]), "fit no memory"),
      (graph("Softmax", ["axis": .integer(4)]), "has axis 4; expected one of 4 axes"),
      (graph("LogSoftmax", ["axis": .integer(-5)]), "has axis -5; expected one of 4 axes"),
      (graph("ReduceMax", ["axes": .integers([4])]), "has axes [4]; expected some of 4 axes"),
      (graph("ReduceSum", ["keepdims": .integer(2)]), "has keepdims 2; expected 0 or 1"),
      (graph("Slice"), "does not say where it starts and ends"),
      (
        graph("Slice", ["starts": .integers([1]), "ends": .integers([1]), "axes": .integers([2])]),
        "takes no place of a tensor of shape 1x2x3x3"
      ),
      (
        graph("Slice", ["starts": .integers([0]), "ends": .integers([9]), "axes": .integers([7])]),
        "has starts [0], ends [9], axes [7] and steps [1]"
      ),
      (
        graph(
          "Gather", ["axis": .integer(1)], constants: ["i": GraphConstant(integers: [2])],
          inputs: ["input", "i"]), "takes places of axis 1 that a tensor of shape 1x2x3x3 has not"
      ),
      (graph("Gather", inputs: ["input", "input"]), "has a computed input 1"),
      (
        graph(
          "Expand", constants: ["e": GraphConstant(integers: [4, 1])], inputs: ["input", "e"]),
        "spreads a tensor of shape 1x2x3x3 to [4, 1]"
      ),
      (
        graph("Tile", constants: ["t": GraphConstant(integers: [2])], inputs: ["input", "t"]),
        "repeats a tensor of shape 1x2x3x3 [2] times"
      ),
      (graph("Where", inputs: ["input", "input", "input"]), "has a computed input 0"),
      (
        graph("MatMul", constants: ["w": try ones([5, 4])], inputs: ["w", "input"]),
        "multiplies matrices of shapes 5x4 and 1x2x3x3"
      ),
      (
        graph("LayerNormalization", constants: ["w": weights], inputs: ["input", "w"]),
        "has factors or offsets of shape 4x2x3x3; expected one for each of 3"
      ),
      (graph("Einsum", ["equation": .text("abcd,abcd")]), "one or two inputs and an output"),
      (graph("Einsum", ["equation": .text("aacd->acd")]), "letters, each once in an input"),
      (graph("Einsum", ["equation": .text("abc->ab")]), "names 3 axes of a tensor of shape"),
      (
        graph("DequantizeLinear", constants: ["s": try ones([])], inputs: ["input", "s"]),
        "remains where no operator can compute it"
      ),
      (graph("Relu", inputs: ["other"]), "reads \"other\", which nothing before it writes"),
    ]
    for (graph, words) in cases {
      let found = message(graph)
      #expect(found.hasPrefix("a.graph: "), "\(found)")
      #expect(found.contains(words), "\(found) lacks \(words)")
    }
  }

  @Test("cells added, taken away and moved, and what is normalised over them")
  func cells() throws {
    let two = ["g": try ones([2]), "b": try ones([2])]
    let normalized = ["input", "g", "b"]
    func pad(_ place: Int, _ count: Int, mode: String = "constant") -> Graph {
      var pads = [Int](repeating: 0, count: 8)
      pads[place] = count
      return graph("Pad", ["pads": .integers(pads), "mode": .text(mode)])
    }
    func resize(_ attributes: [String: AttributeValue]) -> Graph {
      graph("Resize", ["scales": .numbers([1, 1, 2, 2])].merging(attributes) { $1 })
    }
    func transposed(
      _ attributes: [String: AttributeValue], weights: [Int] = [2, 3, 3, 3]
    ) throws
      -> Graph
    {
      graph(
        "ConvTranspose", attributes, constants: ["w": try ones(weights)], inputs: ["input", "w"])
    }
    let cases: [(Graph, String)] = [
      (pad(2, -4), "leaves extents [1, 2, -1, 3] of a tensor of shape 1x2x3x3"),
      (pad(3, -1, mode: "edge"), "expected 8 numbers from 0 to 2^24"),
      (pad(3, 1 << 21), "expected at most 2^20 cells"),
      (resize(["antialias": .integer(1)]), "has antialias 1; expected 0"),
      (resize(["mode": .text("area")]), "has mode \"area\"; expected nearest, linear or cubic"),
      (resize(["nearest_mode": .text("up")]), "has nearest_mode \"up\"; expected one of round_"),
      (
        resize(["coordinate_transformation_mode": .text("other")]),
        "has coordinate_transformation_mode \"other\"; expected one of half_pixel"
      ),
      (resize(["exclude_outside": .integer(1)]), "expected 0 with mode nearest"),
      (resize(["scales": .numbers([2, 1, 1, 1])]), "resizes axis 0, the batch"),
      (resize(["scales": .numbers([1, 1, 0.1, 1])]), "takes 3 cells to 0; expected 1 to 2^20"),
      (resize(["scales": .numbers([1, 1, 1e6, 1])]), "expected 1 to 2^20"),
      (resize(["scales": .numbers([1, .nan, 1, 1])]), "expected 1 to 2^20 cells"),
      (resize(["scales": .numbers([2, 2])]), "has 2 scales and 0 sizes for 4 axes"),
      (resize(["axes": .integers([2, 2])]), "has axes [2, 2]; expected each of 4 axes once"),
      (
        resize(["coordinate_transformation_mode": .text("tf_crop_and_resize")]),
        "has a region []; expected 8 fractions of axes"
      ),
      (
        graph("Upsample", ["scales": .numbers([1, 1, 0.5, 1])]), "expected 1 or more for each axis"
      ),
      (graph("DepthToSpace"), "has blocksize 0; expected a number from 1 to 2^12"),
      (graph("DepthToSpace", ["blocksize": .integer(2)]), "expected two spatial axes and whole"),
      (
        graph("SpaceToDepth", ["blocksize": .integer(3), "mode": .text("RDC")]),
        "has mode \"RDC\"; expected DCR or CRD"
      ),
      (
        graph(
          "GroupNormalization", ["num_groups": .integer(3)], constants: two, inputs: normalized),
        "has num_groups 3; expected a divisor of 2 channels"
      ),
      (
        graph(
          "InstanceNormalization", constants: ["g": try ones([3]), "b": try ones([2])],
          inputs: normalized),
        "has 3 numbers as input 1; expected 2, one for each channel"
      ),
      (
        graph(
          "InstanceNormalization", ["epsilon": .number(-1)], constants: two, inputs: normalized),
        "has epsilon -1.0; expected 0 or more"
      ),
      (graph("LRN"), "has size 0; expected a number from 1 to 2^12"),
      (graph("LRN", ["size": .integer(3), "bias": .number(0)]), "has alpha 0.0001 and bias 0.0"),
      (graph("LpPool", ["p": .integer(0)]), "has p 0; expected a number from 1 to 64"),
      (
        try transposed([:], weights: [3, 2, 3, 3]),
        "has weights of shape 3x2x3x3 for 2 channels in 1 groups over 2 spatial axes"
      ),
      (try transposed(["pads": .integers([3, 0, 3, 0])]), "leaves [-1"),
      (try transposed(["auto_pad": .text("SAME")]), "expected NOTSET, VALID, SAME_UPPER"),
    ]
    for (graph, words) in cases {
      let found = message(graph)
      #expect(found.contains(words), "\(found) lacks \(words)")
    }
  }

  @Test("normalisations that no layer takes, and values that are there twice")
  func structure() throws {
    let four = try ones([2])
    var constants = Dictionary(uniqueKeysWithValues: "gbmv".map { (String($0), four) })
    let inputs = ["input", "g", "b", "m", "v"]
    constants["v"] = try GraphConstant(Shape([2]), [1, -1])
    let negative = graph("BatchNormalization", constants: constants, inputs: inputs)
    #expect(message(negative).contains("holds NaN, infinity or a negative variance"))
    constants["v"] = try ones([3])
    let uneven = graph("BatchNormalization", constants: constants, inputs: inputs)
    #expect(message(uneven).contains("2 weights, 2 biases, 2 means and 3 variances"))
    var twice = graph("Relu")
    twice.nodes.append(twice.nodes[0])
    #expect(message(twice) == "a.graph: two values are named \"step\"")
    var open = graph("Relu")
    open.inputs[0].extents[3] = .symbolic("width")
    #expect(message(open).contains("spatial extent \"width\" of any size; say which"))
    open.inputSize = [3, 5]
    var bound = open
    try GraphPasses.apply(to: &bound)
    #expect(try GraphLowering.network(of: bound).network.inputShape == Shape([1, 3, 5, 2]))
    open.inputSize = [4, 5]
    #expect(message(open).contains("input_size is [4, 5], but a.graph is a network for 3 x width"))
    var batched = graph("Relu")
    batched.inputs[0].extents[0] = .symbolic("N")
    try GraphPasses.apply(to: &batched)
    batched.inputs[0].extents[0] = .fixed(4)
    #expect(message(batched).contains("expected one picture"))
  }

  @Test("weights stay where they lie until a pass must move them")
  func borrowing() throws {
    let numbers = try Tensor(Shape([2, 3, 4]), (0..<24).map(Float.init))
    let constant = GraphConstant(WeightArray(numbers), order: AxisOrder([2, 0, 1]))
    #expect(constant.shape == Shape([3, 4, 2]))
    let lying = try constant.array(in: AxisOrder([2, 0, 1]))
    // The same memory, not a copy.
    #expect(try lying.tensor().address == numbers.address)
    let turned = SlowTensor(constant.transposed([1, 2, 0]))
    #expect(turned == SlowTensor(constant).transposed([1, 2, 0]))
    #expect(try constant.floats().map(Double.init) == SlowTensor(constant).values)
    let scaled = constant.scaled(axis: 2, by: [2, -1]).scaled(axis: 2, by: [3, 5])
    #expect(try scaled.floats().map(Double.init) == SlowTensor(scaled).values)
    #expect(try scaled.floats()[1] == -5 * constant.floats()[1])
  }

  @Test("the listing names passes, nodes and what changed")
  func listing() throws {
    let weights = try ones([4, 2, 1, 1])
    var graph = graph("Conv", constants: ["w": weights], inputs: ["input", "w"])
    graph.outputs = [graph.add("Flatten", name: "flat\u{1b}", ["step"])]
    graph.outputs = [
      graph.add(
        "Gemm", name: "head", ["flat\u{1b}", graph.add(try ones([36, 2]), name: "matrix")])
    ]
    let text = try GraphPasses.listing(graph)
    #expect(text.hasPrefix("graph of a.graph: 3 nodes\ninput input: 1x2x3x3, channels first\n"))
    #expect(text.contains("step 1x4x3x3 = Conv(input, w [4x2x1x1])"))
    #expect(
      text.contains("after fold constants (nodes whose results are known become constants): no"))
    #expect(text.contains("matrix/channels_last [36x2]"))
    #expect(!text.contains("\u{1b}"))
    for pass in GraphPasses.all { #expect(text.contains("after \(pass.name) (\(pass.summary))")) }
  }
}
