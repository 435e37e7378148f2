// From the planes of a frame to a picture: coarser components are stretched, and their numbers turned into colours.

/// How the components of a frame stand for colours.
enum JPEGColour {
    /// One component.
    case grey
    /// Red, green and blue.
    case direct
    /// Luminance and two colour differences (JFIF 1.02).
    case luminance
    /// Cyan, magenta, yellow and black.
    case ink
    /// Ink in Adobe's way, 255 standing for none.
    case invertedInk
    /// As `invertedInk`, the first three as luminance and colour differences.
    case invertedInkLuminance
}

/// Turns a frame into rows of pixels.
struct JPEGRendering {
    private let frame: JPEGFrame
    private let colour: JPEGColour
    private let scale: Int
    /// The size of the picture.
    let width: Int
    /// The size of the picture.
    let height: Int

    /// Makes one for a frame whose blocks became squares of `scale`.
    init(_ frame: JPEGFrame, colour: JPEGColour, scale: Int) {
        self.frame = frame
        self.colour = colour
        self.scale = scale
        width = (frame.width * scale + 7) / 8
        height = (frame.height * scale + 7) / 8
    }

    /// Calls `body` with each row of pixels, red, green, blue and alpha.
    func eachRow(_ body: ([UInt8]) -> Void) {
        var pixels = [UInt8](repeating: 255, count: 4 * width)
        var rows = [[UInt8]](repeating: [UInt8](repeating: 0, count: width + 1), count: frame.components.count)
        for row in 0..<height {
            for index in rows.indices { stretch(frame.components[index], row, into: &rows[index]) }
            fill(&pixels, from: rows)
            body(pixels)
        }
    }

    private func fill(_ pixels: inout [UInt8], from rows: [[UInt8]]) {
        switch colour {
        case .grey:
            for column in 0..<width {
                for channel in 0..<3 { pixels[4 * column + channel] = rows[0][column] }
            }
        case .direct:
            for channel in 0..<3 {
                for column in 0..<width { pixels[4 * column + channel] = rows[channel][column] }
            }
        case .luminance: mix(rows[0], rows[1], rows[2], into: &pixels)
        case .ink, .invertedInk:
            let flip: UInt8 = colour == .ink ? 255 : 0
            for column in 0..<width {
                for channel in 0..<3 {
                    pixels[4 * column + channel] = Self.product(rows[channel][column] ^ flip, rows[3][column] ^ flip)
                }
            }
        case .invertedInkLuminance:
            mix(rows[0], rows[1], rows[2], into: &pixels)
            for column in 0..<width {
                for channel in 4 * column..<4 * column + 3 {
                    pixels[channel] = Self.product(255 - pixels[channel], rows[3][column])
                }
            }
        }
    }

    /// The product of two fractions of 255, rounded.
    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (Int(one) * Int(other) + 127) / 255)
    }

    /// JFIF's conversion at 16 bits behind the point.
    private func mix(_ luminance: [UInt8], _ blue: [UInt8], _ red: [UInt8], into pixels: inout [UInt8]) {
        guard min(luminance.count, blue.count, red.count) >= width, pixels.count >= 4 * width else { return }
        var place = 0
        for column in 0..<width {
            let light = Int32(luminance[column])
            let (b, r) = (Int32(blue[column]) &- 128, Int32(red[column]) &- 128)
            pixels[place] = Self.clamped(light &+ (91881 &* r &+ 32768) &>> 16)
            pixels[place &+ 1] = Self.clamped(light &+ (-22554 &* b &- 46802 &* r &+ 32768) &>> 16)
            pixels[place &+ 2] = Self.clamped(light &+ (116_130 &* b &+ 32768) &>> 16)
            place &+= 4
        }
    }

    @inline(__always)
    private static func clamped(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, value))) }

    // MARK: Stretching

    /// One row of a component as wide as the picture.
    ///
    /// Where it is half as fine, samples are mixed with their neighbours 3 : 1 (a triangle filter), rounded up and down
    /// in turn; in other ratios they are repeated. Where a reduced picture is coarser than it, they are averaged.
    private func stretch(_ component: JPEGComponent, _ row: Int, into line: inout [UInt8]) {
        let across = (own: component.across * component.size, all: frame.across * scale)
        let down = (own: component.down * component.size, all: frame.down * scale)
        let isSmooth = scale > 1
        let smoothsAcross = isSmooth && across.all == 2 * across.own && component.width > 2
        let smoothsDown =
            isSmooth && down.all == 2 * down.own && (smoothsAcross || across.all == across.own)
        let near = min(row * down.own / down.all, component.height - 1)
        let start = near * component.stride
        if smoothsDown {
            let far = max(0, min(component.height - 1, row % 2 == 0 ? near - 1 : near + 1)) * component.stride
            if smoothsAcross {
                stretchTwice(component, start, far, into: &line)
            } else {
                let bias = row % 2 == 0 ? 1 : 2
                for column in 0..<width {
                    let sum = 3 * Int(component.plane[start + column]) + Int(component.plane[far + column])
                    line[column] = UInt8(truncatingIfNeeded: (sum + bias) >> 2)
                }
            }
        } else if smoothsAcross && down.own == down.all {
            stretchAcross(component, start, into: &line)
        } else if across.own == across.all && down.own <= down.all {
            line.replaceSubrange(0..<width, with: component.plane[start..<start + width])
        } else {
            let rows = near..<min(near + max(1, down.own / down.all), component.height)
            for column in 0..<width {
                let left = column * across.own / across.all
                let columns = left..<min(left + max(1, across.own / across.all), component.width)
                var sum = 0
                for row in rows {
                    for column in columns { sum += Int(component.plane[row * component.stride + column]) }
                }
                let count = rows.count * columns.count
                line[column] = UInt8(truncatingIfNeeded: (sum + count / 2) / count)
            }
        }
    }

    private func stretchAcross(_ component: JPEGComponent, _ start: Int, into line: inout [UInt8]) {
        let last = component.width - 1
        for column in 0...last {
            let sum = 3 * Int(component.plane[start + column])
            let left = Int(component.plane[start + max(0, column - 1)])
            let right = Int(component.plane[start + min(last, column + 1)])
            line[2 * column] = UInt8(truncatingIfNeeded: (sum + left + 1) >> 2)
            line[2 * column + 1] = UInt8(truncatingIfNeeded: (sum + right + 2) >> 2)
        }
    }

    private func stretchTwice(_ component: JPEGComponent, _ near: Int, _ far: Int, into line: inout [UInt8]) {
        let last = component.width - 1
        var left = 3 * Int32(component.plane[near]) &+ Int32(component.plane[far])
        var sum = left
        for column in 0...last {
            let next = min(last, column &+ 1)
            let right = 3 &* Int32(component.plane[near &+ next]) &+ Int32(component.plane[far &+ next])
            line[2 &* column] = UInt8(truncatingIfNeeded: (3 &* sum &+ left &+ 8) &>> 4)
            line[2 &* column &+ 1] = UInt8(truncatingIfNeeded: (3 &* sum &+ right &+ 7) &>> 4)
            (left, sum) = (sum, right)
        }
    }
}
