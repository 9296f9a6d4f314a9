import GradCAMPPKernels

extension Shape {
  /// Where an element of `shape` lies in a tensor of this shape that is spread to it, axes of extent
  /// 1 and missing ones standing for all places.
  func place(_ index: Int, in shape: Shape) -> Int {
    var (rest, stride, place) = (index, 1, 0)
    for (extent, own) in zip(shape.extents.reversed(), extents.reversed()) {
      place += own == 1 ? 0 : rest % extent * stride
      stride *= own
      rest /= extent
    }
    return place
  }
}
