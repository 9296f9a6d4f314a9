import GradCAMPPKernels

extension Preprocessing {
  /// Writes the picture as the network sees it: (input height, input width, 3) in [0, 1], RGB.
  public func see(_ image: RGBImage, into seen: inout MutableSpan<Double>) {
    precondition(seen.count == inputCount, "the picture seen has another size")
    let view = framing.view(of: image, height: inputHeight, width: inputWidth)
    image.read { pixels in
      if framing.filter == .skimage {
        seeLinearly(pixels, view, into: &seen)
      } else {
        seeSmoothly(pixels, view, into: &seen)
      }
    }
  }

  /// By `LinearResize`, in double precision.
  private func seeLinearly(
    _ pixels: Span<UInt8>, _ view: PictureView, into seen: inout MutableSpan<Double>
  ) {
    let area = view.source
    let resize = LinearResize(
      from: [area.height, area.width], to: view.target, windows: view.windows)
    let fraction = (0...255).map { Double($0) / 255 }
    let range = pixels.range(of: area)
    let (smallest, largest) = (fraction[range.smallest], fraction[range.largest])
    guard framing.crop == .pad else {
      return resize.resize(
        channels: 3, smallest: smallest, largest: largest,
        sample: { row, column, channel in
          let pixel = (area.top + row) * area.imageWidth + area.left + column
          return fraction[Int(pixels[pixel * 3 + channel])]
        },
        store: { seen[$0] = $1 })
    }
    let bar = neutralColor
    resize.resize(
      channels: 3, smallest: min(smallest, bar.min() ?? 0), largest: max(largest, bar.max() ?? 1),
      sample: { line, place, channel in
        let (row, column) = (area.top + line, area.left + place)
        guard row >= 0, row < area.imageHeight, column >= 0, column < area.imageWidth else {
          return bar[channel]
        }
        return fraction[Int(pixels[(row * area.imageWidth + column) * 3 + channel])]
      },
      store: { seen[$0] = $1 })
  }

  /// By `SmoothResize`, in levels of 8 bits.
  private func seeSmoothly(
    _ pixels: Span<UInt8>, _ view: PictureView, into seen: inout MutableSpan<Double>
  ) {
    let area = view.source
    let bar = neutralColor.map { UInt8(clampedLevel: $0 * 255 + 0.5) }
    let columns = max(area.left, 0)..<min(area.left + area.width, area.imageWidth)
    SmoothResize(
      framing.filter, from: [area.height, area.width], to: view.target, windows: view.windows
    ).resize(
      readLine: { line, levels in
        let row = area.top + line
        guard row >= 0, row < area.imageHeight else {
          for index in levels.indices { levels[index] = bar[index % 3] }
          return
        }
        for index in 0..<(columns.lowerBound - area.left) * 3 { levels[index] = bar[index % 3] }
        let offset = (row * area.imageWidth + area.left) * 3
        for index in (columns.lowerBound - area.left) * 3..<(columns.upperBound - area.left) * 3 {
          levels[index] = pixels[offset + index]
        }
        for index in (columns.upperBound - area.left) * 3..<levels.count {
          levels[index] = bar[index % 3]
        }
      },
      store: { seen[$0] = Double($1) / 255 })
  }
}

extension Span<UInt8> {
  /// The smallest and the largest byte of a picture's RGB pixels inside an area.
  fileprivate func range(of area: PictureArea) -> (smallest: Int, largest: Int) {
    let rows = Swift.max(area.top, 0)..<Swift.min(area.top + area.height, area.imageHeight)
    let left = Swift.max(area.left, 0)
    let width = Swift.min(area.left + area.width, area.imageWidth) - left
    var smallest = UInt8.max
    var largest = UInt8.min
    for row in rows {
      let start = (row * area.imageWidth + left) * 3
      let line = extracting(start..<start + width * 3)
      for index in line.indices {
        smallest = Swift.min(smallest, line[index])
        largest = Swift.max(largest, line[index])
      }
      if smallest == .min, largest == .max { break }
    }
    return (Int(smallest), Int(largest))
  }
}
