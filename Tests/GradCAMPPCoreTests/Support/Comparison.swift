import Testing

/// Fails when a number differs from its reference by more than `absolute + relative * |reference|`,
/// showing the first five that do.
func expectClose(
  _ actual: [some BinaryFloatingPoint], _ expected: [some BinaryFloatingPoint],
  absolute: Double, relative: Double = 0, _ label: String = "",
  location: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(label): counts differ", sourceLocation: location)
  let faults = zip(actual, expected).enumerated().filter { _, pair in
    let (value, reference) = (Double(pair.0), Double(pair.1))
    return !(abs(value - reference) <= absolute + relative * abs(reference))
  }
  let shown = faults.prefix(5).map { "[\($0.offset)] \($0.element.0) is not \($0.element.1)" }
  #expect(
    faults.isEmpty, "\(label): \(faults.count) differ: \(shown.joined(separator: "; "))",
    sourceLocation: location)
}
