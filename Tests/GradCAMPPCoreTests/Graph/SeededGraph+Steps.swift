import GradCAMPPKernels

@testable import GradCAMPPCore

extension SeededGraph {
  mutating func addActivation(_ step: Int) throws {
    let plain = ["Abs", "Erf", "Exp", "HardSwish", "Mish", "Neg", "Sigmoid", "Softplus", "Tanh"]
    let told: [(String, [String: AttributeValue])] = [
      ("Celu", ["alpha": .number(2)]), ("Clip", ["min": .number(0), "max": .number(1.5)]),
      ("Elu", ["alpha": .number(0.5)]), ("Gelu", [:]), ("Gelu", ["approximate": .text("tanh")]),
      ("HardSigmoid", ["alpha": .number(0.25)]), ("LeakyRelu", ["alpha": .number(0.2)]),
      ("Selu", [:]), ("Swish", ["alpha": .number(1.5)]),
    ]
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      // One slope for each channel, spread over the last axes.
      let shape = layout == .channelsFirst ? [channels, 1, 1] : [channels]
      add("PRelu", [value, graph.add(try constant(shape), name: "slopes \(step)")])
    case 1:
      let bound = graph.add(try GraphConstant(Shape([]), [0.5]), name: "bound \(step)")
      add("Clip", flip() ? [value, "", bound] : [value, bound])
    case 2: add(plain[Int.random(in: 0..<plain.count, using: &random)], [value])
    default:
      let (operation, attributes) = told[Int.random(in: 0..<told.count, using: &random)]
      add(operation, [value], attributes)
    }
  }

  /// Squeeze and excitation, and constants of every shape that meets the value's.
  mutating func addArithmetic(_ step: Int) throws {
    let operation = ["Add", "Sub", "Mul", "Min", "Max"][Int.random(in: 0..<5, using: &random)]
    let before = value
    let isFirst = layout == .channelsFirst
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      add("GlobalAveragePool", [value])
      add("Sigmoid", [value])
      add(operation, flip() ? [before, value] : [value, before])
    case 1:
      add("Tanh", [value])
      add(operation, [before, value])
    case 2:
      let divisor = graph.add(try GraphConstant(Shape([1]), [-1.5]), name: "divisor \(step)")
      add("Div", [value, divisor])
    default:
      let shapes =
        isFirst
        ? [[], [channels, 1, 1], [1, 1] + spatial, [1, channels] + spatial]
        : [[], [channels], [1] + spatial + [1], spatial + [channels]]
      let shape = shapes[Int.random(in: 0..<4, using: &random)]
      let other = graph.add(try constant(shape), name: "other \(step)")
      add(operation, flip() ? [value, other] : [other, value])
    }
  }

  /// Values that part and meet again; normalisations that stand alone.
  mutating func addBranches(_ step: Int) throws {
    let before = value
    let axis = layout == .channelsFirst ? (flip() ? 1 : -3) : (flip() ? 3 : -1)
    add("Relu", [value])
    switch Int.random(in: 0..<5, using: &random) {
    case 0: add("Add", [before, value])
    case 1: add("Sum", flip() ? [value, before, before] : [value])
    case 2:
      add("Concat", [before, value, before], ["axis": .integer(axis)])
      channels *= 3
    case 3 where channels > 1:
      let counts = [1, channels - 1]
      let parts = ["part \(step)", "rest \(step)"]
      var inputs = [value]
      var attributes: [String: AttributeValue] = ["axis": .integer(axis)]
      if flip() {
        attributes["split"] = .integers(counts)
      } else {
        inputs.append(graph.add(GraphConstant(integers: counts), name: "counts \(step)"))
      }
      graph.nodes.append(
        GraphNode(
          "Split", name: "split \(step)", inputs: inputs, outputs: parts, attributes: attributes))
      add("Concat", parts.reversed(), ["axis": .integer(axis)])
    default: try addNormalization("alone \(step)")
    }
    if flip() { add("Cast", [value], ["to": .integer(1)]) }
  }
}
