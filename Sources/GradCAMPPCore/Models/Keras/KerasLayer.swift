import GradCAMPPKernels

/// A layer as Keras's configuration describes it.
struct KerasLayer {
  /// What it is: "Conv2D".
  let kind: String
  /// Its name.
  let name: String
  /// What it was made with.
  let configuration: JSONValue
  /// Names of the layers whose outputs it takes; nil in a sequence, where it takes the one before.
  let inputs: [String]?
  /// What messages call the file.
  let origin: String

  /// Reads a layer of a model's list; throws `badData` for one that says neither kind nor name, is
  /// used more than once, or is called in a way that is not understood.
  init(_ value: JSONValue, origin: String) throws(GradCAMError) {
    let configuration = value["config"] ?? .null
    guard let kind = value["class_name"]?.text,
      let name = value["name"]?.text ?? configuration["name"]?.text
    else {
      throw GradCAMError(
        .badData, "\(origin): its configuration has a layer without a class_name or a name")
    }
    self.kind = kind
    self.name = name
    self.configuration = configuration
    self.origin = origin
    guard let calls = value["inbound_nodes"]?.elements, !calls.isEmpty else {
      inputs = nil
      return
    }
    guard calls.count == 1 else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(name.quoted) (\(kind)) is used \(calls.count) times; expected once")
    }
    inputs = Self.sources(calls[0])
    guard inputs?.isEmpty == false else {
      throw GradCAMError(
        .badData,
        "\(origin): layer \(name.quoted) (\(kind)) is called in a way that is not understood")
    }
  }

  /// The layers that a call names: Keras 2 writes `[["name", 0, 0, {}]]`, Keras 3
  /// `{"args": [{"config": {"keras_history": ["name", 0, 0]}}], "kwargs": {}}`.
  ///
  /// Nil for a call with numbers among the tensors, or with an option that is switched on.
  private static func sources(_ call: JSONValue) -> [String]? {
    var names: [String] = []
    if let arguments = call["args"]?.elements {
      guard isPlain(call["kwargs"]) else { return nil }
      for tensor in arguments.flatMap({ $0.elements ?? [$0] }) {
        guard let history = tensor["config"]?["keras_history"]?.elements,
          let name = history.first?.text
        else { return nil }
        names.append(name)
      }
      return names
    }
    for tensor in call.elements ?? [] {
      guard let parts = tensor.elements, let name = parts.first?.text,
        parts.count < 4 || isPlain(parts[3])
      else { return nil }
      names.append(name)
    }
    return names
  }

  /// Whether the named arguments of a call say nothing: all are null or false.
  private static func isPlain(_ options: JSONValue?) -> Bool {
    guard let options, case .object(let members) = options else { return true }
    return members.values.allSatisfy { $0 == .null || $0 == .flag(false) }
  }

  /// Whether Keras 3 wrote it, which describes element types by objects.
  var isOfKeras3: Bool { configuration["dtype"]?["class_name"]?.text == "DTypePolicy" }

  /// An error about the layer.
  func error(_ sentence: String) -> GradCAMError {
    GradCAMError(.badData, "\(origin): layer \(name.quoted) (\(kind)) \(sentence)")
  }

  /// The only tensor that the layer takes; throws `badData` when it takes none or several.
  func only(_ inputs: [String]) throws(GradCAMError) -> String {
    guard inputs.count == 1 else {
      throw error("takes \(inputs.count) inputs, which is not served; expected one")
    }
    return inputs[0]
  }

  /// What is said under a name; nil where nothing or null is.
  subscript(name: String) -> JSONValue? {
    let value = configuration[name]
    return value == .null ? nil : value
  }

  /// Text; throws `badData` for something else.
  func text(_ name: String, default value: String) throws(GradCAMError) -> String {
    guard let found = self[name] else { return value }
    guard let text = found.text else { throw wrong(name, found, "text") }
    return text
  }

  /// Yes or no.
  func flag(_ name: String, default value: Bool) throws(GradCAMError) -> Bool {
    guard let found = self[name] else { return value }
    guard let flag = found.flag else { throw wrong(name, found, "true or false") }
    return flag
  }

  /// A number.
  func number(_ name: String, default value: Double) throws(GradCAMError) -> Double {
    guard let found = self[name] else { return value }
    guard let number = found.number, number.isFinite else { throw wrong(name, found, "a number") }
    return number
  }

  /// Two whole numbers from 1 up, which one may stand for.
  func pair(_ name: String, default value: [Int]) throws(GradCAMError) -> [Int] {
    guard let found = self[name] else { return value }
    guard let integers = found.integers, [1, 2].contains(integers.count),
      integers.allSatisfy({ (1...1 << 20).contains($0) })
    else { throw wrong(name, found, "two whole numbers from 1") }
    return integers.count == 2 ? integers : integers + integers
  }

  /// Throws `badData` unless the name is left out or has this value.
  func require(_ name: String, _ value: JSONValue) throws(GradCAMError) {
    guard let found = self[name], found != value else { return }
    throw wrong(name, found, value.description)
  }

  /// Where its tensors have their channels.
  func layout() throws(GradCAMError) -> GraphNode.Layout {
    switch try text("data_format", default: "channels_last") {
    case "channels_last": return .channelsLast
    case "channels_first": return .channelsFirst
    case let other: throw wrong("data_format", .text(other), "channels_last or channels_first")
    }
  }

  /// An error about a value.
  func wrong(_ name: String, _ found: JSONValue, _ expected: String) -> GradCAMError {
    error("has \(name) \(found.description), which is not served; expected \(expected)")
  }
}
