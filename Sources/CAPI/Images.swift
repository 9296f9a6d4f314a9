// The header documents these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

import CGradCAMPP
import Glibc
import GradCAMPPCore
import GradCAMPPKernels

@_cdecl("gcpp_image_decode") @implementation
public func gcpp_image_decode(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ bytes: UnsafePointer<UInt8>?, _ size: Int,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_image_decode_with(out, bytes, size, nil, error)
}

@_cdecl("gcpp_image_decode_with") @implementation
public func gcpp_image_decode_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ bytes: UnsafePointer<UInt8>?, _ size: Int,
  _ limits: UnsafePointer<gcpp_limits>?, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let count = try GradCAMPPCAPI.size(size, "size")
    let bytes = count == 0 ? nil : try required(bytes, "bytes")
    let span = UnsafeBufferPointer(start: bytes, count: count).span
    let limits = try GradCAMPPCAPI.limits(limits)
    out.pointee = retainedHandle(ImageHandle(try ImageFormats.decode(span, limits)))
  }
}

@_cdecl("gcpp_image_from_rgb8") @implementation
public func gcpp_image_from_rgb8(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ pixels: UnsafePointer<UInt8>?, _ height: Int,
  _ width: Int, _ row_stride: Int, _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  gcpp_image_from_rgb8_with(out, pixels, height, width, row_stride, nil, error)
}

@_cdecl("gcpp_image_from_rgb8_with") @implementation
public func gcpp_image_from_rgb8_with(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ pixels: UnsafePointer<UInt8>?, _ height: Int,
  _ width: Int, _ row_stride: Int, _ limits: UnsafePointer<gcpp_limits>?,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = nil
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let pixels = try required(pixels, "pixels")
    _ = try (size(height, "height"), size(width, "width"))
    let limits = try GradCAMPPCAPI.limits(limits)
    try RGBImage.checkSize(height: height, width: width, limits, orThrow: .invalidArgument)
    let stride = row_stride == 0 ? width * 3 : row_stride
    guard stride >= width * 3, !stride.multipliedReportingOverflow(by: height).overflow else {
      throw GradCAMError(
        .invalidArgument,
        "row_stride is \(UInt(bitPattern: row_stride)) bytes; expected at least \(width * 3) for "
          + "\(width) pixels, and rows that fit in memory")
    }
    let image = try RGBImage(height: height, width: width, limits) { copy in
      for row in 0..<height {
        for index in 0..<width * 3 { copy[row * width * 3 + index] = pixels[row * stride + index] }
      }
    }
    out.pointee = retainedHandle(ImageHandle(image))
  }
}

@_cdecl("gcpp_image_pixels") @implementation
public func gcpp_image_pixels(
  _ out: UnsafeMutablePointer<gcpp_pixels>?, _ image: OpaquePointer?
) -> gcpp_status {
  clear(out)
  return attempt(nil) { () throws(GradCAMError) in
    let image = try object(image, ImageHandle.self, "image").image
    try required(out, "out").pointee = gcpp_pixels(
      data: image.address, height: image.height, width: image.width)
  }
}

@_cdecl("gcpp_image_free") @implementation
public func gcpp_image_free(_ image: OpaquePointer?) {
  release(image, ImageHandle.self)
}

@_cdecl("gcpp_jpeg_encode") @implementation
public func gcpp_jpeg_encode(
  _ out: UnsafeMutablePointer<gcpp_buffer>?, _ image: OpaquePointer?, _ quality: Int32,
  _ error: UnsafeMutablePointer<gcpp_error>?
) -> gcpp_status {
  out?.pointee = gcpp_buffer()
  return attempt(error) { () throws(GradCAMError) in
    let out = try required(out, "out")
    let image = try object(image, ImageHandle.self, "image").image
    let bytes = try JPEGFormat().encode(image, quality: Int(quality))
    out.pointee = try buffer(bytes)
  }
}

@_cdecl("gcpp_buffer_dispose") @implementation
public func gcpp_buffer_dispose(_ buffer: UnsafeMutablePointer<gcpp_buffer>?) {
  guard let buffer else { return }
  free(buffer.pointee.data)
  buffer.pointee = gcpp_buffer()
}
