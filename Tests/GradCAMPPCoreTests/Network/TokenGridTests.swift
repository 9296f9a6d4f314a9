import GradCAMPPKernels
import Testing

@testable import GradCAMPPCore

@Suite("Tokens as cells of a picture")
struct TokenGridTests {
  @Test(arguments: [
    (196, nil, 224, 224, [0, 14, 14]), (197, nil, 224, 224, [1, 14, 14]),
    (49, nil, 224, 224, [0, 7, 7]), (201, 5, 224, 224, [5, 14, 14]),
    (198, 2, 224, 224, [2, 14, 14]), (128, nil, 256, 128, [0, 16, 8]),
    (129, nil, 128, 256, [1, 8, 16]),
  ])
  func grids(_ count: Int, _ skipped: Int?, _ height: Int, _ width: Int, _ found: [Int]) throws {
    let grid = try #require(
      TokenGrid(tokens: count, skipped: skipped, height: height, width: width))
    #expect([grid.skipped, grid.rows, grid.columns] == found)
  }

  @Test(arguments: [
    (198, nil, 224, 224), (197, 0, 224, 224), (196, 1, 224, 224), (1, nil, 224, 224),
    (2, nil, 224, 224), (3, 5, 224, 224), (196, nil, 224, 112),
  ])
  func noGrids(_ count: Int, _ skipped: Int?, _ height: Int, _ width: Int) {
    #expect(TokenGrid(tokens: count, skipped: skipped, height: height, width: width) == nil)
  }

  @Test func cellsAreTheTokensBehindThoseAtTheHead() throws {
    let grid = try #require(TokenGrid(tokens: 5, skipped: nil, height: 8, width: 8))
    let tokens = try Tensor(Shape([5, 2]), (0..<10).map { Float($0) })
    let cells = try grid.cells(of: tokens)
    #expect(cells.shape == Shape([2, 2, 2]))
    #expect(cells.elements == (2..<10).map { Float($0) })
  }
}
