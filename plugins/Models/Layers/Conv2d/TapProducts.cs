namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a convolution: for every weight, the products of the output's gradient and the input, summed over places and chunks with one
/// sum per lane; <see cref="Fold"/> adds the lanes. Taps that see the same places are taken together, the others only where they see something.
/// </summary>
internal sealed unsafe class TapProducts<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Bytes of the output's gradient that stay in the first-level cache while all taps pass over them.
    private const int BlockBytes = 16384;

    private readonly ConvolutionShape shape;
    private readonly Piece[] pieces;
    private readonly TapStretch[] stretches;
    private readonly float* sums;
    private readonly float* packed;
    private readonly float* folded;

    public TapProducts(Workspace<TLanes> workspace, ConvolutionShape shape)
    {
        this.shape = shape;
        pieces = Tiling.Rows(shape.Channels, TLanes.Registers);
        stretches = TapStretch.Plan(shape);
        sums = workspace.Allocate((long)shape.Channels * shape.Taps * TLanes.Count);
        packed = workspace.Allocate(pieces.Max(piece => (long)LinesPerBlock(piece.Length) * piece.Length) * shape.Output.Width * TLanes.Count);
        folded = workspace.Allocate(shape.Taps);
    }

    public void Clear() => new Span<float>(sums, shape.Channels * shape.Taps * TLanes.Count).Clear();

    /// <summary>Adds one chunk.</summary>
    public void Run(float* outputGradient, float* input)
    {
        var output = shape.Output;
        foreach (var piece in pieces)
        {
            var block = LinesPerBlock(piece.Length);
            for (var line = 0; line < output.Height; line += block)
            {
                var end = Math.Min(output.Height, line + block);
                var factors = Pack(outputGradient, piece, line, end);
                foreach (var stretch in stretches)
                {
                    Add(stretch, piece, line, end, factors, input);
                }
            }
        }
    }

    /// <summary>Writes the gradient in the weights' own order, <c>[out, in, kernel, kernel]</c>.</summary>
    public void Fold(float* gradient)
    {
        var (kernel, channels) = (shape.Kernel, shape.Input.Channels);
        for (var row = 0; row < shape.Channels; row++, gradient += shape.Taps)
        {
            LaneSums<TLanes>.Fold(sums + ((nint)row * shape.Taps * TLanes.Count), folded, shape.Taps);
            for (int tap = 0, from = 0; tap < kernel * kernel; tap++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    gradient[(channel * kernel * kernel) + tap] = folded[from++];
                }
            }
        }
    }

    private int LinesPerBlock(int rows) =>
        Math.Clamp(BlockBytes / (shape.Output.Width * rows * TLanes.Count * sizeof(float)), 1, shape.Output.Height);

    // [place][row]: the channels of a piece are far apart in memory, at a distance that would crowd them into few cache sets.
    private float* Pack(float* outputGradient, Piece piece, int line, int end)
    {
        var width = shape.Channels * TLanes.Count;
        var from = outputGradient + ((nint)line * shape.Output.Width * width) + (piece.Start * TLanes.Count);
        if (piece.Length == shape.Channels)
        {
            return from;
        }

        var to = packed;
        for (var place = (end - line) * shape.Output.Width; place > 0; place--, from += width)
        {
            for (var row = 0; row < piece.Length; row++, to += TLanes.Count)
            {
                TLanes.Store(to, TLanes.Load(from + (row * TLanes.Count)));
            }
        }

        return packed;
    }

    private void Add(in TapStretch stretch, Piece piece, int line, int end, float* factors, float* input)
    {
        var (first, last) = (Math.Max(line, stretch.Lines.Start), Math.Min(end, stretch.Lines.End));
        if (last <= first || stretch.Places.Length <= 0)
        {
            return;
        }

        var (lanes, channels) = (TLanes.Count, shape.Input.Channels);
        var (factorLine, sourceLine) = ((nint)shape.Output.Width * piece.Length * lanes, (nint)shape.Input.Width * channels * lanes);
        var strides = new ProductStrides
        {
            Lines = last - first,
            Places = stretch.Places.Length,
            FactorPlace = piece.Length * lanes,
            FactorLine = factorLine,
            SourcePlace = (nint)shape.Stride * channels * lanes,
            SourceLine = shape.Stride * sourceLine,
            SourceColumn = lanes,
            DestinationRow = (nint)shape.Taps * lanes,
            DestinationColumn = lanes,
            Accumulate = true,
        };
        factors += ((first - line) * factorLine) + (stretch.Places.Start * strides.FactorPlace);
        var y = (first * shape.Stride) - shape.Padding + stretch.KernelLine;
        var x = (stretch.Places.Start * shape.Stride) - shape.Padding + stretch.KernelPlace;
        var source = input + (y * sourceLine) + ((nint)x * channels * lanes);
        var sum = sums + (((nint)piece.Start * shape.Taps) + (((stretch.KernelLine * shape.Kernel) + stretch.KernelPlace) * channels)) * lanes;
        var columns = stretch.KernelPlaces * channels;
        var cuts = Tiling.PiecesOf(columns, Tiling.WidestColumns(piece.Length, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(columns, cuts, index);
            TileKernels<TLanes>.ProductsFor(piece.Length, cut.Length)(&strides, factors, source + (cut.Start * lanes), sum + (cut.Start * lanes));
        }
    }
}

/// <summary>Neighbouring taps of one kernel line that multiply the same rectangle of output places.</summary>
internal readonly record struct TapStretch(int KernelLine, int KernelPlace, int KernelPlaces, Piece Lines, Piece Places)
{
    public static TapStretch[] Plan(ConvolutionShape shape)
    {
        var stretches = new List<TapStretch>();
        for (var line = 0; line < shape.Kernel; line++)
        {
            var lines = Seen(line, shape.Input.Height, shape.Output.Height, shape);
            for (var place = 0; place < shape.Kernel; place++)
            {
                var places = Seen(place, shape.Input.Width, shape.Output.Width, shape);
                if (stretches.Count > 0 && stretches[^1] is var last && last.KernelLine == line && last.Places == places)
                {
                    stretches[^1] = last with { KernelPlaces = last.KernelPlaces + 1 };
                }
                else
                {
                    stretches.Add(new TapStretch(line, place, 1, lines, places));
                }
            }
        }

        return [.. stretches];
    }

    // Output positions whose tap falls inside the input.
    private static Piece Seen(int tap, int input, int output, ConvolutionShape shape)
    {
        var first = Math.Max(0, (shape.Padding - tap + shape.Stride - 1) / shape.Stride);
        var reach = input - 1 + shape.Padding - tap;
        var end = reach < 0 ? first : Math.Min(output, (reach / shape.Stride) + 1);
        return new Piece(first, Math.Max(0, end - first));
    }
}
