import GradCAMPPKernels

/// A graph in the making, module by module of a state dictionary of PyTorch.
///
/// Names and shapes tell the modules; strides, padding and activations are those of the family as
/// it was published. Whatever does not fit (an array too many, too few or of another shape) belongs
/// to another network and is refused.
struct StateGraph {
  /// What people call the family, such as "a ResNet".
  let family: String
  let names: StateNames
  /// Of batch normalisations.
  let epsilon: Double
  var graph: Graph
  /// Names of the arrays that have their place.
  private var used: Set<String> = []
  /// Names of counts of training steps, which a network does without.
  var counters: Set<String> = []
  /// Channels of the values.
  var channels: [String: Int] = ["input": 3]

  /// The picture's value.
  let input = "input"

  init(
    _ family: String, _ names: StateNames, epsilon: Double, size: [Int]
  ) {
    self.family = family
    self.names = names
    self.epsilon = epsilon
    graph = Graph(origin: names.weights.origin)
    graph.inputs = [
      Graph.Input(
        name: input, extents: ([1, 3] + size).map { .fixed($0) }, layout: .channelsFirst)
    ]
  }

  /// An error that says what does not fit, and the way that works.
  func refusal(_ fault: String) -> GradCAMError { names.refusal(as: family, fault) }

  /// Channels of a value.
  func channels(of value: String) -> Int { channels[value] ?? 0 }

  /// The array of that name, which then has its place.
  mutating func take(_ name: String) throws(GradCAMError) -> WeightArray {
    let name = names.prefix + name
    guard let array = names.weights[name] else { throw refusal("\(name.quoted) is missing") }
    used.insert(name)
    return array
  }

  /// Lets names mean a value, which is listed under the first of them where it is of a kind.
  mutating func name(_ value: String, _ names: [String], _ kind: String? = nil) {
    for (place, name) in names.enumerated() {
      graph.layers.append(Graph.Layer(name: name, value: value, kind: place == 0 ? kind : nil))
    }
  }

  /// Adds a batch normalisation and an activation behind a convolution: both modules' names mean
  /// the result, and with `/linear` what is before the activation.
  mutating func activate(
    _ convolution: String, _ normalization: String, _ value: String,
    by activation: StateActivation, kind: String? = nil
  ) throws(GradCAMError) -> String {
    let linear = try normalize(normalization, value)
    let names = [convolution, normalization]
    name(linear, names.map { "\($0)/linear" })
    let result = add(activation, "\(normalization)/activation", linear)
    name(result, names, kind)
    return result
  }

  /// Adds an activation.
  mutating func add(_ activation: StateActivation, _ name: String, _ value: String) -> String {
    switch activation {
    case .relu: return add("Relu", name: name, [value])
    case .relu6:
      return add("Clip", name: name, [value], ["min": .number(0), "max": .number(6)])
    case .silu: return add("Swish", name: name, [value])
    }
  }

  /// The whole network; throws `badData` naming an array that has no place in it.
  func finished(
    architecture: String, defaultLayer: String, _ normalization: Normalization
  ) throws(GradCAMError) -> ModelGraph {
    for name in names.weights.names where !used.contains(name) && !counters.contains(name) {
      throw refusal("\(name.quoted) has no place in it")
    }
    return ModelGraph(
      architecture: architecture, graph: graph, normalization: normalization,
      defaultLayer: defaultLayer, ignored: counters)
  }
}
