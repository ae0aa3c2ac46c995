using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// A rectangle of places that all sum over the same taps. Offsets and strides are in floats.
/// </summary>
internal sealed class ConvolutionRegion
{
    private readonly TapSpan vertical;
    private readonly TapSpan horizontal;
    private readonly int kernel;
    private readonly int channels;
    private readonly int lanes;
    private readonly (nint Line, nint Place) source;
    private readonly (nint Line, nint Place) destination;

    public ConvolutionRegion(TapSpan vertical, TapSpan horizontal, int kernel, Volume source, Volume destination, int lanes)
    {
        (this.vertical, this.horizontal, this.kernel, this.lanes) = (vertical, horizontal, kernel, lanes);
        channels = source.Channels;
        this.source = ((nint)source.Width * source.Channels * lanes, (nint)source.Channels * lanes);
        this.destination = ((nint)destination.Width * destination.Channels * lanes, (nint)destination.Channels * lanes);
    }

    /// <summary>Tiles lie along the longer side: the edges of an image are long and thin.</summary>
    public bool IsTall => vertical.Count > horizontal.Count;

    private TapSpan Along => IsTall ? vertical : horizontal;

    private TapSpan Across => IsTall ? horizontal : vertical;

    /// <summary>Of a tile with so many rows (output channels).</summary>
    public OuterStrides Strides(int rows) => new()
    {
        Segments = horizontal.Taps == 0 ? 0 : vertical.Taps,
        Steps = horizontal.Taps * channels,
        FactorStep = rows,
        FactorSegment = (nint)kernel * channels * rows,
        SourceStep = lanes,
        SourceSegment = source.Line,
        SourceColumn = Along.SourceStep * Side(source, IsTall),
        DestinationRow = lanes,
        DestinationColumn = Along.Step * Side(destination, IsTall),
    };

    /// <summary>The first tap's weights in a packed piece.</summary>
    public nint Weights(int rows) => (nint)((vertical.Rank * kernel) + horizontal.Rank) * channels * rows;

    /// <summary>The rectangle in tiles of so many rows.</summary>
    public IEnumerable<(int Rows, int Columns, nint Source, nint Destination)> Cut(int rows, int registers)
    {
        var pieces = Tiling.PiecesOf(Along.Count, Tiling.WidestColumns(rows, registers));
        for (var line = 0; line < Across.Count; line++)
        {
            for (var index = 0; index < pieces; index++)
            {
                var piece = Tiling.Cut(Along.Count, pieces, index);
                var (y, x) = IsTall ? (piece.Start, line) : (line, piece.Start);
                yield return (rows, piece.Length, Offset(source, SourceAt(vertical, y), SourceAt(horizontal, x)),
                    Offset(destination, vertical.First + (y * vertical.Step), horizontal.First + (x * horizontal.Step)));
            }
        }
    }

    private static int SourceAt(TapSpan span, int index) => span.Source + (index * span.SourceStep);

    private static nint Offset((nint Line, nint Place) strides, int y, int x) => (y * strides.Line) + (x * strides.Place);

    private static nint Side((nint Line, nint Place) strides, bool tall) => tall ? strides.Line : strides.Place;
}
