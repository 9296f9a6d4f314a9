import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Scoring of many prepared pictures")
struct ScoringTests {
  private let targets = [
    TargetRequest(classIndex: 2),
    TargetRequest(kind: "probability", TargetArguments(classes: [0])),
    TargetRequest(kind: "difference", TargetArguments(classes: [1], others: [3])),
  ]

  /// The scores of one picture in [0, 1] from the runner, alone.
  private func scores(_ model: Model, _ seen: [Double]) throws -> [Double] {
    var input = [Float](repeating: 0, count: seen.count)
    var span = input.mutableSpan
    model.loaded.preprocessing.networkInput(seen.span, into: &span)
    let numbers = try NetworkRunner(model.network).everything(input).output
    let output = model.network.output(numbers)
    return try model.targets(targets).map { $0.score(output) }
  }

  @Test("scores of prepared pictures are those of each alone, bit for bit", arguments: [1, 8, 19])
  func prepared(count: Int) throws {
    let model = try SmallVGG().model()
    var random = RepeatableRandom(seed: 3)
    let size = model.loaded.preprocessing.inputCount
    let pictures = (0..<count).map { _ in
      (0..<size).map { _ in Float.random(in: 0...1, using: &random) }
    }
    let found = try model.scores(count: count, targets: targets) { index, seen, start in
      for element in 0..<size { seen[start + element] = pictures[index][element] }
    }
    let expected = try pictures.map { try scores(model, $0.map(Double.init)) }
    #expect(found == expected)
  }

  @Test("a masked picture is the mask's share of it and the rest of the background")
  func masked() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let seen = model.loaded.preprocessing.seen(picture).map { Float($0) }
    var random = RepeatableRandom(seed: 4)
    let masks = (0..<11).map { _ in
      (0..<144).map { _ in Float.random(in: 0...1, using: &random) }
    }
    let background = (0..<432).map { _ in Float.random(in: 0...1, using: &random) }
    let neutral = model.loaded.preprocessing.neutralColor.map { Float($0) }
    for behind in [background, nil] {
      let found = try model.scores(
        picture, count: masks.count, background: behind, targets: targets
      ) { masks[$0] }
      let expected = try masks.map { mask in
        try scores(
          model,
          seen.indices.map {
            let share = mask[$0 / 3]
            return Double(
              share * seen[$0] + (1 - share) * (behind?[$0] ?? neutral[$0 % 3]))
          })
      }
      #expect(found == expected)
    }
  }

  @Test("a background that the network sees as 0")
  func neutral() throws {
    let preprocessing = Preprocessing(inputHeight: 2, inputWidth: 2, .caffe)
    var picture = (0..<4).flatMap { _ in preprocessing.neutralColor.map { Float($0) } }
    var span = picture.mutableSpan
    preprocessing.prepare(&span, at: 0)
    expectClose(picture, [Float](repeating: 0, count: 12), absolute: 1e-4)
  }

  @Test("what cannot be scored is refused")
  func refused() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let mask = [Float](repeating: 1, count: 144)
    func expectError(_ word: String, _ body: () throws -> Void) {
      let error = #expect(throws: GradCAMError.self) { try body() }
      #expect(error?.kind == .invalidArgument)
      #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    }
    expectError("none is given") {
      _ = try model.scores(picture, count: 1, targets: []) { _ in mask }
    }
    expectError("a mask has 3 numbers") {
      _ = try model.scores(picture, count: 1, targets: targets) { _ in [1, 1, 1] }
    }
    expectError("outside 0 to 1") {
      _ = try model.scores(picture, count: 1, targets: targets) { _ in mask.map { $0 * 2 } }
    }
    expectError("background") {
      _ = try model.scores(picture, count: 1, background: [1], targets: targets) { _ in mask }
    }
  }

  @Test("a cancelled token ends each call, before it is done")
  func cancelled() throws {
    let model = try SmallVGG().model()
    let picture = try SmallVGG.picture(height: 12, width: 12)
    let token = CancelToken()
    var options = ExplainOptions()
    options.cancel = token
    #expect(try model.explain(picture, options).count == 1)
    token.cancel()
    for body in [
      { _ = try model.explain(picture, options) },
      {
        _ = try model.scores(picture, count: 1, targets: targets, cancel: token) { _ in
          [Float](repeating: 1, count: 144)
        }
      },
    ] {
      let error = #expect(throws: GradCAMError.self) { try body() }
      #expect(error?.kind == .cancelled)
    }
    // A poll cancels between the steps of a run that has begun.
    let steps = StepCounter()
    options.cancel = CancelToken(poll: { steps.next() == 3 })
    #expect(throws: GradCAMError.self) { _ = try model.explain(picture, options) }
    #expect(steps.count == 3)
  }
}

/// Counts the steps of a run on one thread.
private final class StepCounter: @unchecked Sendable {
  private(set) var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
