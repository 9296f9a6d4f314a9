import GradCAMPPKernels

@testable import GradCAMPPCore

extension SeededGraph {
  /// Cells added, taken away and moved; norms and normalisations over cells and channels.
  mutating func addCells(_ step: Int) throws {
    let isFirst = layout == .channelsFirst
    switch Int.random(in: 0..<8, using: &random) {
    case 0: try addResize(step)
    case 1:
      let pads = (0..<4).map { _ in Int.random(in: 0...2, using: &random) }
      let all =
        isFirst
        ? [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]
        : [0, pads[0], pads[1], 0, 0, pads[2], pads[3], 0]
      let modes = ["constant", "reflect", "edge", "wrap"]
      let mode = modes[Int.random(in: 0..<4, using: &random)]
      add(
        "Pad", [value], ["pads": .integers(all), "mode": .text(mode), "value": .number(0.5)])
      spatial = [spatial[0] + pads[0] + pads[2], spatial[1] + pads[1] + pads[3]]
    case 2 where spatial.allSatisfy({ $0 % 2 == 0 }):
      add(
        "SpaceToDepth", [value],
        flip()
          ? ["blocksize": .integer(2)] : ["blocksize": .integer(2), "mode": .text("CRD")])
      (channels, spatial) = (channels * 4, spatial.map { $0 / 2 })
    case 3 where channels % 4 == 0:
      add(
        "DepthToSpace", [value],
        ["blocksize": .integer(2), "mode": .text(flip() ? "CRD" : "DCR")])
      (channels, spatial) = (channels / 4, spatial.map { $0 * 2 })
    case 4: add("LRN", [value], ["size": .integer(3), "alpha": .number(1.5), "bias": .number(2)])
    case 5: try addGroupNormalization(step)
    case 6 where spatial.allSatisfy({ $0 >= 2 }):
      add(
        "LpPool", [value],
        ["kernel_shape": .integers([2, 2]), "p": .integer(Int.random(in: 1...3, using: &random))])
      spatial = spatial.map { $0 - 1 }
    default: try addTransposedConvolution(step)
    }
  }

  private mutating func addResize(_ step: Int) throws {
    let isFirst = layout == .channelsFirst
    let wanted = spatial.map { max(1, $0 + Int.random(in: -3...3, using: &random)) }
    let modes = ["nearest", "linear", "cubic"]
    let attributes: [String: AttributeValue] = [
      "mode": .text(modes[Int.random(in: 0..<3, using: &random)]),
      "coordinate_transformation_mode": .text(flip() ? "half_pixel" : "align_corners"),
    ]
    let extents = isFirst ? [1, channels] + wanted : [1] + wanted + [channels]
    let sizes = graph.add(GraphConstant(integers: extents), name: "sizes \(step)")
    add("Resize", [value, "", "", sizes], attributes)
    spatial = wanted
  }

  private mutating func addTransposedConvolution(_ step: Int) throws {
    let groups = channels % 2 == 0 && flip() ? 2 : 1
    let outputs = 2 * Int.random(in: 1...2, using: &random)
    let weights = try constant([channels, outputs / groups, 2, 3])
    var inputs = [value, graph.add(weights, name: "taps \(step)")]
    if flip() { inputs.append(graph.add(try constant([outputs]), name: "levels \(step)")) }
    add("ConvTranspose", inputs, ["group": .integer(groups), "pads": .integers([1, 0, 0, 1])])
    channels = outputs
    spatial = [spatial[0], spatial[1] + 1]
  }

  /// Normalised groups of channels as each exporter writes them.
  private mutating func addGroupNormalization(_ step: Int) throws {
    let groups = channels % 2 == 0 ? 2 : 1
    let epsilon: [String: AttributeValue] = ["epsilon": .number(0.1)]
    switch Int.random(in: 0..<(layout == .channelsFirst ? 3 : 2), using: &random) {
    case 0:
      let factors = try addNumbers(channels, "factors \(step)")
      let shifts = try addNumbers(channels, "shifts \(step)")
      add("InstanceNormalization", [value, factors, shifts], epsilon)
    case 1:
      let factors = try addNumbers(channels, "factors \(step)")
      let shifts = try addNumbers(channels, "shifts \(step)")
      add(
        "GroupNormalization", [value, factors, shifts],
        epsilon.merging(["num_groups": .integer(groups)]) { $1 })
    default:
      let factors = try addNumbers(groups, "factors \(step)")
      let shifts = try addNumbers(groups, "shifts \(step)")
      let parted = graph.add(GraphConstant(integers: [0, groups, -1]), name: "parted \(step)")
      let whole = graph.add(
        GraphConstant(integers: [1, channels] + spatial), name: "whole \(step)")
      add("Reshape", [value, parted])
      add("InstanceNormalization", [value, factors, shifts], epsilon)
      add("Reshape", [value, whole])
    }
  }

  private mutating func addNumbers(_ count: Int, _ name: String) throws -> String {
    graph.add(try constant([count]), name: name)
  }
}
