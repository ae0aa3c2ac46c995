namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a convolution: for every weight, the products of the output's gradient and the input, summed over places and chunks with one
/// sum per lane; <see cref="Fold"/> adds the lanes. On the way it zeroes the gradient of rectified outputs and sums the bias's.
/// </summary>
internal sealed unsafe class TapProducts<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Bytes of the output's gradient that stay in the first-level cache while all taps pass over them.
    private const int BlockBytes = 24576;

    // Bytes of sums that stay in the second-level cache. Larger convolutions take all chunks for a part of their output channels before the next part.
    private const int SumBytes = 1 << 20;

    private readonly ConvolutionShape shape;
    private readonly Piece[] pieces;
    private readonly TapStretch[] stretches;
    private readonly float* sums;
    private readonly float* biasSums;
    private readonly float* packed;
    private readonly float* folded;

    public TapProducts(Workspace<TLanes> workspace, ConvolutionShape shape)
    {
        this.shape = shape;
        pieces = Tiling.Rows(shape.Channels, TLanes.Registers);
        stretches = TapStretch.Plan(shape);
        sums = workspace.Allocate((long)shape.Channels * shape.Taps * TLanes.Count);
        biasSums = workspace.Allocate((long)shape.Channels * TLanes.Count);
        packed = workspace.Allocate(pieces.Max(piece => (long)LinesPerBlock(piece.Length) * piece.Length) * shape.Output.Width * TLanes.Count);
        folded = workspace.Allocate(shape.Taps);
    }

    /// <summary>True if it works best on all chunks at once.</summary>
    public bool TakesWholeGroup => (long)shape.Channels * shape.Taps * TLanes.Count * sizeof(float) > SumBytes;

    public void Clear()
    {
        new Span<float>(sums, shape.Channels * shape.Taps * TLanes.Count).Clear();
        new Span<float>(biasSums, shape.Channels * TLanes.Count).Clear();
    }

    /// <summary>Adds chunks. The output's gradient is zeroed where <paramref name="rectify"/> is set and the output is not positive.</summary>
    public void Run(Activation output, bool rectify, Activation input, int firstChunk, int endChunk)
    {
        foreach (var piece in pieces)
        {
            for (var chunk = firstChunk; chunk < endChunk; chunk++)
            {
                Run(piece, output.Gradients(chunk), rectify ? output.Values(chunk) : null, input.Values(chunk));
            }
        }
    }

    /// <summary>Writes the gradients, the weights' in their own order, <c>[out, in, kernel, kernel]</c>.</summary>
    public void Fold(float* weights, float* bias)
    {
        var (kernel, channels) = (shape.Kernel, shape.Input.Channels);
        for (var row = 0; row < shape.Channels; row++, weights += shape.Taps)
        {
            LaneSums<TLanes>.Fold(sums + ((nint)row * shape.Taps * TLanes.Count), folded, shape.Taps);
            for (int tap = 0, from = 0; tap < kernel * kernel; tap++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    weights[(channel * kernel * kernel) + tap] = folded[from++];
                }
            }
        }

        if (bias != null)
        {
            LaneSums<TLanes>.Fold(biasSums, bias, shape.Channels);
        }
    }

    private int LinesPerBlock(int rows) =>
        Math.Clamp(BlockBytes / (shape.Output.Width * rows * TLanes.Count * sizeof(float)), 1, shape.Output.Height);

    private void Run(Piece piece, float* gradients, float* values, float* input)
    {
        var height = shape.Output.Height;
        var block = LinesPerBlock(piece.Length);
        for (var line = 0; line < height; line += block)
        {
            var end = Math.Min(height, line + block);
            Pack(piece, line, end, gradients, values);
            foreach (ref readonly var stretch in stretches.AsSpan())
            {
                Add(stretch, piece, line, end, input);
            }
        }
    }

    // [place][row]: the channels of a piece are far apart in memory, at a distance that would crowd them into few cache sets.
    private void Pack(Piece piece, int line, int end, float* gradients, float* values)
    {
        var width = (nint)shape.Channels * TLanes.Count;
        var first = ((nint)line * shape.Output.Width * width) + ((nint)piece.Start * TLanes.Count);
        var places = (end - line) * shape.Output.Width;
        var zero = TLanes.Create(0);
        for (var row = 0; row < piece.Length; row++, first += TLanes.Count)
        {
            var to = packed + (row * TLanes.Count);
            var bias = biasSums + ((piece.Start + row) * TLanes.Count);
            var sum = TLanes.Load(bias);
            var at = first;
            for (var place = 0; place < places; place++, at += width, to += piece.Length * TLanes.Count)
            {
                var gradient = TLanes.Load(gradients + at);
                if (values != null)
                {
                    gradient = TLanes.And(TLanes.Greater(TLanes.Load(values + at), zero), gradient);
                    TLanes.Store(gradients + at, gradient);
                }

                TLanes.Store(to, gradient);
                sum += gradient;
            }

            TLanes.Store(bias, sum);
        }
    }

    private void Add(in TapStretch stretch, Piece piece, int line, int end, float* input)
    {
        var (first, last) = (Math.Max(line, stretch.Lines.Start), Math.Min(end, stretch.Lines.End));
        if (last <= first || stretch.Places.Length == 0)
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
        };
        var factors = packed + ((first - line) * factorLine) + (stretch.Places.Start * strides.FactorPlace);
        var y = (first * shape.Stride) - shape.Padding + stretch.KernelLine;
        var x = (stretch.Places.Start * shape.Stride) - shape.Padding + stretch.KernelPlace;
        var source = input + (y * sourceLine) + ((nint)x * channels * lanes);
        var sum = sums + ((((nint)piece.Start * shape.Taps) + (((stretch.KernelLine * shape.Kernel) + stretch.KernelPlace) * channels)) * lanes);
        var columns = stretch.KernelPlaces * channels;
        var cuts = Tiling.PiecesOf(columns, Tiling.WidestColumns(piece.Length, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(columns, cuts, index);
            TileKernels<TLanes>.ProductsFor(piece.Length, cut.Length)(&strides, factors, source + (cut.Start * lanes), sum + (cut.Start * lanes));
        }
    }
}
