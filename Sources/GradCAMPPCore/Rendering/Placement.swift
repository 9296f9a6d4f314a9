/// A rectangle of a page that a picture fills.
struct Placement: Equatable {
  let top: Int
  let left: Int
  let height: Int
  let width: Int

  /// Draws `picture` to fill the rectangle: each pixel of the page takes the picture's pixel
  /// under its centre.
  func draw(_ picture: RGBImage, into page: inout MutableSpan<UInt8>, pageWidth: Int) {
    let columns = (0..<width).map { (2 * $0 + 1) * picture.width / (2 * width) }
    picture.read { pixels in
      for row in 0..<height {
        let line = (2 * row + 1) * picture.height / (2 * height) * picture.width
        var to = ((top + row) * pageWidth + left) * 3
        for column in columns {
          let from = (line + column) * 3
          page[to] = pixels[from]
          page[to + 1] = pixels[from + 1]
          page[to + 2] = pixels[from + 2]
          to += 3
        }
      }
    }
  }
}
