import GradCAMPPKernels

/// What a network was made of: its graph, every tensor of which is an array with a name.
struct Blueprint {
  /// The graph, its constants named as their arrays.
  private(set) var graph: Graph

  /// Arrays that are no layer's weights, `constants/N`.
  private(set) var others: [(name: String, array: WeightArray)] = []

  /// Values that nodes compute, whose names no array may have.
  private let computed: Set<String>
  /// How many layers have each name.
  private var layers: [String: Int] = [:]
  private var constantCount = 0

  /// The blueprint of a graph that is about to be lowered, without its nodes.
  init(_ graph: Graph) {
    computed = Set(graph.nodes.flatMap(\.outputs) + graph.inputs.map(\.name))
    self.graph = graph
    self.graph.constants = [:]
    self.graph.nodes = []
  }

  /// Adds a node with weights and biases; returns the names of their arrays, `NAME/weights` and
  /// `NAME/biases`, where NAME is the node's, numbered if it is not the first of that name.
  mutating func add(
    _ node: GraphNode, weights: GraphConstant, biases: WeightArray
  ) -> [String] {
    var names: [String]
    repeat {
      let count = layers[node.name, default: 0] + 1
      layers[node.name] = count
      let layer = count == 1 ? node.name : "\(node.name)_\(count)"
      names = ["\(layer)/weights", "\(layer)/biases"]
    } while names.contains { graph.constants[$0] != nil || computed.contains($0) }
    graph.constants[names[0]] = weights
    graph.constants[names[1]] = GraphConstant(biases)
    var node = node
    node.inputs = [node.inputs[0]] + names
    graph.nodes.append(node)
    return names
  }

  /// Adds a node that was lowered, unless it has been added with its weights.
  ///
  /// Its tensors are copied: what they lie in is not kept for them.
  mutating func add(_ node: GraphNode, _ source: Graph) throws(GradCAMError) {
    guard graph.nodes.last?.outputs != node.outputs else { return }
    var node = node
    for place in node.inputs.indices {
      guard let constant = source.constants[node.inputs[place]] else { continue }
      var name: String
      repeat {
        name = "constants/\(constantCount)"
        constantCount += 1
      } while graph.constants[name] != nil || computed.contains(name)
      node.inputs[place] = name
      guard constant.isFloat else {
        graph.constants[name] = constant
        continue
      }
      let copy = WeightArray(try constant.array().tensor())
      graph.constants[name] = GraphConstant(copy)
      others.append((name, copy.viewed(as: Shape([copy.shape.count]))))
    }
    graph.nodes.append(node)
  }
}
