using Orchestrator.Abstractions;
using StbImageSharp;

namespace Orchestrator.Datasets;

/// <summary>
/// PNG and JPEG images as planes of bytes of one size. Decoding and resizing work on whole numbers,
/// so that the same file gives the same bytes on every machine.
/// </summary>
/// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="height">Of every image, pixels.</param>
/// <param name="width">Of every image, pixels.</param>
internal sealed class ImageDecoder(int channels, int height, int width)
{
    /// <summary>Bytes of one file, at most.</summary>
    public const int LongestFile = 1 << 26;

    // Before it is resized.
    private const long MostPixels = 1 << 25;
    private const long MostResized = 1 << 28;

    /// <summary>Decodes one image.</summary>
    /// <param name="where">Its place, for messages.</param>
    /// <param name="file">The file's bytes.</param>
    /// <param name="planes"><c>[channels, height, width]</c>, overwritten.</param>
    /// <exception cref="DataException">It is no image, damaged, or too large.</exception>
    public void Decode(string where, byte[] file, Span<byte> planes)
    {
        if (ImageBytes.Mistake(file) is { } mistake)
        {
            throw new DataException($"{where}: {mistake}");
        }

        var image = Guard.Reading(where, () =>
        {
            using var stream = new BoundedStream(file);
            if (ImageInfo.FromStream(stream) is not { Width: > 0, Height: > 0 } size)
            {
                throw new InvalidDataException("its header is none of a PNG or JPEG image that is read");
            }

            if ((long)size.Width * size.Height > MostPixels)
            {
                throw new InvalidDataException($"it has {DataFile.Number(size.Width)} x {DataFile.Number(size.Height)} pixels; at most {DataFile.Number(MostPixels)} are read");
            }

            if ((long)size.Width * size.Height > ImageBytes.MostPixels(file))
            {
                throw new InvalidDataException($"its header claims {DataFile.Number(size.Width)} x {DataFile.Number(size.Height)} pixels, more than {DataFile.Number(file.Length)} bytes can hold");
            }

            if (size.Width != width && (long)size.Height * width * channels > MostResized)
            {
                throw new InvalidDataException($"it has {DataFile.Number(size.Width)} x {DataFile.Number(size.Height)} pixels; at a width of {DataFile.Number(width)} it would be too large to be made smaller");
            }

            stream.Position = 0;
            return ImageResult.FromStream(stream, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        });
        var pixels = Resampling.Resize(image.Data, image.Height, image.Width, channels, height, width);
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = planes.Slice(channel * height * width, height * width);
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[(i * channels) + channel];
            }
        }
    }

    // The decoder skips what a damaged length says, and looks for the end at one position only.
    private sealed class BoundedStream(byte[] file) : MemoryStream(file, writable: false)
    {
        public override long Position
        {
            get => base.Position;
            set => base.Position = Math.Clamp(value, 0, Length);
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + (origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        });
    }
}
