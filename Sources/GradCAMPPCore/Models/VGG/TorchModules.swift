import GradCAMPPKernels

/// The modules of a VGG network in PyTorch that have weights, in the order of the network.
struct TorchModules {
  let prefix: String
  /// Places N of the convolutions `features.N`.
  private var convolutions: [Int] = []
  /// Places of the batch normalisations.
  private var normalizations: Set<Int> = []
  /// Names of the dense layers.
  let dense: [String]
  private let origin: String

  init(_ weights: WeightStore, prefix: String) {
    self.prefix = prefix
    origin = weights.origin
    var dense: [(places: [Int], name: String)] = []
    for full in weights.names where full.hasPrefix(prefix) && full.hasSuffix(".weight") {
      let name = String(full.dropFirst(prefix.count).dropLast(".weight".count))
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      let places = parts.dropFirst().map { Self.number($0) ?? -1 }
      switch parts[0] {
      case "features" where places.count == 1 && places[0] >= 0:
        if weights[full]?.shape.rank == 1 {
          normalizations.insert(places[0])
        } else {
          convolutions.append(places[0])
        }
      // A head of several layers in place of the last one is `classifier.6.0` and so on.
      case "classifier" where !places.contains(-1): dense.append((places, name))
      case _ where name == "pre_logits.fc1": dense.append(([0], name))
      case _ where name == "pre_logits.fc2": dense.append(([1], name))
      case _ where name == "head.fc": dense.append(([2], name))
      default: break
      }
    }
    convolutions.sort()
    self.dense = dense.sorted { $0.places.lexicographicallyPrecedes($1.places) }.map(\.name)
  }

  /// A place in a container, without a leading zero.
  static func number(_ text: Substring) -> Int? {
    guard let number = Int(text), (0...9999).contains(number), String(number) == text else {
      return nil
    }
    return number
  }

  /// The places of the convolutions, block by block.
  func blocks() throws(GradCAMError) -> [[Int]] {
    var blocks: [[Int]] = [[]]
    var expected = 0
    for place in convolutions {
      if place == expected + 1, place > 1 {
        blocks.append([])
      } else if place != expected {
        throw GradCAMError(
          .badData,
          "\(origin): found \("\(prefix)features.\(place).weight".quoted); expected the next "
            + "convolution at \(expected)\(expected > 0 ? " or, after a pool, \(expected + 1)" : "")"
        )
      }
      blocks[blocks.count - 1].append(place)
      expected = place + (normalizations.contains(place + 1) ? 3 : 2)
    }
    return blocks
  }
}
