import GradCAMPPKernels

extension GraphNode {
  /// An axis of a tensor of `rank` axes, counted from the outermost; -1 is the innermost.
  ///
  /// Throws `badData` when there is no such axis.
  func axis(
    _ attribute: String, default value: Int? = nil, rank: Int
  ) throws(GradCAMError) -> Int {
    guard value != nil || attributes[attribute] != nil else {
      throw error("does not say which \(attribute); expected one of \(rank) axes")
    }
    let axis = try integer(attribute, default: value ?? 0)
    guard (-rank..<rank).contains(axis) else {
      throw wrong(attribute, .integer(axis), "one of \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Different axes of a tensor of `rank` axes, from the outermost on, which newer versions give as
  /// an input and older ones as the attribute `axes`; nil where nothing is said.
  func axes(
    _ place: Int, _ inputs: NodeInputs, rank: Int
  ) throws(GradCAMError) -> [Int]? {
    let stated = try integers("axes")
    guard let axes = try inputs.integers(place, of: self) ?? stated else { return nil }
    guard axes.allSatisfy((-rank..<rank).contains) else {
      throw wrong("axes", .integers(axes), "some of \(rank) axes")
    }
    let places = axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    guard Set(places).count == places.count else {
      throw wrong("axes", .integers(axes), "each axis once")
    }
    return places
  }
}
