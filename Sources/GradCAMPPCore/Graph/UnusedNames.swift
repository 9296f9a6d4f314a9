/// Names that no value of a graph has.
struct UnusedNames {
  private var taken: Set<String>

  /// Those that a graph leaves.
  init(_ graph: Graph) {
    taken = Set(graph.nodes.flatMap(\.outputs) + graph.inputs.map(\.name))
      .union(graph.constants.keys)
  }

  /// A name made from `name`, which is taken from now on.
  mutating func take(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    let free = (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
    taken.insert(free)
    return free
  }
}
