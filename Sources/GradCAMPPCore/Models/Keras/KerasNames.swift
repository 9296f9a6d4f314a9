import GradCAMPPKernels

/// What layers of Keras are called: as the file does, but for the VGG networks of its applications,
/// whose layers have the names of the 2018 program.
struct KerasNames {
  /// Whether every convolution is named `blockB_convI`.
  let isVGG: Bool
  private var names: [String: String] = [:]

  /// Names for layers with weights and pools, in the order of the data.
  init(_ layers: [(name: String, value: String, kind: KerasKind)]) {
    let convolutions = layers.filter { $0.kind == .convolution }.map(\.name)
    let places = convolutions.compactMap { KerasVGG.convolution($0) }
    isVGG = !convolutions.isEmpty && places.count == convolutions.count
    guard isVGG else { return }
    for (name, place) in zip(convolutions, places) { names[name] = "conv\(place.0)_\(place.1)" }
    let dense = layers.filter { $0.kind == .dense }.map(\.name)
    let blocks = places.map(\.0).max() ?? 0
    for (index, name) in dense.enumerated() { names[name] = "fc\(blocks + 1 + index)" }
    let pools = layers.filter { $0.kind == .maxPooling }.map(\.name)
    for (index, name) in pools.enumerated() { names[name] = "pool\(index + 1)" }
  }

  /// The name of a layer.
  subscript(name: String) -> String { names[name] ?? name }

  /// What the network is called.
  func architecture(
    _ layers: [(name: String, value: String, kind: KerasKind)], _ graph: Graph
  ) -> String {
    let weighted = layers.count { [.convolution, .dense].contains($0.kind) }
    guard isVGG else { return "Keras network, \(weighted) layers" }
    func outputs(_ name: String, axis: Int) -> Int {
      graph.constants["\(self[name])/weights"]?.shape[axis] ?? 0
    }
    let convolutions = layers.filter { $0.kind == .convolution }.map(\.name)
    let places = convolutions.compactMap { KerasVGG.convolution($0) }
    var depths: [Int] = []
    var widths: [Int] = []
    for (name, place) in zip(convolutions, places) {
      while depths.count < place.0 {
        depths.append(0)
        widths.append(0)
      }
      depths[place.0 - 1] += 1
      widths[place.0 - 1] = outputs(name, axis: 0)
    }
    return VGGNetwork.architecture(
      depths: depths, widths: widths,
      dense: layers.filter { $0.kind == .dense }.map { outputs($0.name, axis: 1) })
  }
}

extension KerasGraph {
  /// Gives layers, nodes and tensors their names.
  ///
  /// The name of a convolution or dense layer means its tensor after the normalisation and activation
  /// that follow it, `NAME/linear` the one before the activation. Layers whose tensor another one's
  /// name means already, and normalisations, can be named and are not listed.
  mutating func nameLayers(_ names: KerasNames) {
    let consumers = graph.consumers
    func next(_ value: String, _ isWanted: (String) -> Bool) -> String? {
      guard let readers = consumers[value], readers.count == 1,
        isWanted(graph.nodes[readers[0]].operation)
      else { return nil }
      return graph.nodes[readers[0]].outputs[0]
    }
    var listed: Set<String> = []
    for layer in named {
      let name = names[layer.name]
      var value = layer.value
      if [.convolution, .dense].contains(layer.kind) {
        value = next(value) { $0 == BatchNormalizationNode.operation } ?? value
        graph.layers.append(Graph.Layer(name: "\(name)/linear", value: value, kind: nil))
        value = next(value, KerasActivations.isActivation) ?? value
      }
      let isListed = layer.kind != .normalisation && listed.insert(value).inserted
      graph.layers.append(
        Graph.Layer(name: name, value: value, kind: isListed ? layer.kind.rawValue : nil))
    }
    for place in graph.nodes.indices {
      let old = graph.nodes[place].name
      graph.nodes[place].name = names[old]
      guard names[old] != old else { continue }
      for part in ["weights", "biases"] {
        guard let constant = graph.constants.removeValue(forKey: "\(old)/\(part)") else { continue }
        graph.constants["\(names[old])/\(part)"] = constant
        graph.nodes[place].inputs = graph.nodes[place].inputs.map {
          $0 == "\(old)/\(part)" ? "\(names[old])/\(part)" : $0
        }
      }
    }
  }
}
