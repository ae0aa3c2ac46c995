namespace Orchestrator.Models;

/// <summary>The products tap by tap, of any shape, with one sum per lane; <see cref="TapSums{TLanes}"/> adds the lanes.</summary>
internal sealed unsafe class TapProducts<TLanes> : WeightProducts<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Bytes of the output's gradient that stay in the first-level cache while all taps pass over them.
    private const int BlockBytes = 24576;

    private readonly ConvolutionShape shape;
    private readonly Volume output;
    private readonly Piece[] pieces;
    private readonly TapStretch[] stretches;
    private readonly TapSums<TLanes> sums;
    private readonly float* biasSums;
    private readonly float* packed;

    public TapProducts(Workspace<TLanes> workspace, ConvolutionShape shape)
    {
        (this.shape, output) = (shape, shape.Output);
        pieces = Tiling.Rows(shape.Channels, TLanes.Registers);
        stretches = TapStretch.Plan(shape);
        sums = new TapSums<TLanes>(workspace, shape, pieces);
        biasSums = workspace.Allocate((long)shape.Channels * TLanes.Count);
        packed = workspace.Allocate(pieces.Max(piece => (long)LinesPerBlock(piece.Length) * piece.Length) * output.Width * TLanes.Count);
    }

    public override bool TakesWholeGroup => sums.HoldsOnePiece;

    public override void Clear()
    {
        sums.Clear();
        new Span<float>(biasSums, shape.Channels * TLanes.Count).Clear();
    }

    public override void Run(Activation to, bool rectify, Activation from, int firstChunk, int endChunk, float* weightGradient, bool isFirstGroup)
    {
        foreach (var piece in pieces)
        {
            sums.Enter(piece);
            for (var chunk = firstChunk; chunk < endChunk; chunk++)
            {
                Run(piece, to.Gradients(chunk), rectify ? to.Values(chunk) : null, from.Values(chunk));
            }

            sums.Leave(piece, Order(piece), weightGradient, isFirstGroup);
        }
    }

    public override void Finish(float* weightGradient, float* biasGradient)
    {
        foreach (var piece in pieces)
        {
            sums.Finish(piece, Order(piece), weightGradient);
        }

        if (biasGradient != null)
        {
            LaneSums<TLanes>.Fold(biasSums, biasGradient, shape.Channels);
        }
    }

    private int LinesPerBlock(int rows) =>
        Math.Clamp(BlockBytes / (output.Width * rows * TLanes.Count * sizeof(float)), 1, output.Height);

    private void Run(Piece piece, float* gradients, float* values, float* input)
    {
        var height = output.Height;
        var blocks = Tiling.PiecesOf(height, LinesPerBlock(piece.Length));
        for (var block = 0; block < blocks; block++)
        {
            var lines = Tiling.Cut(height, blocks, block);
            Pack(piece, lines, gradients, values);
            if (Slides(piece))
            {
                for (var kernelLine = 0; kernelLine < shape.Kernel; kernelLine++)
                {
                    Slide(kernelLine, piece, lines, input);
                }

                continue;
            }

            foreach (ref readonly var stretch in stretches.AsSpan())
            {
                Add(stretch, piece, lines, input);
            }
        }
    }

    // A line's inputs slide through the three columns of a tile, each loaded once.
    private bool Slides(Piece piece) =>
        shape is { Kernel: 3, Stride: 1, Padding: <= 1 } && Tiling.WidestColumns(piece.Length, TLanes.Registers) >= 3;

    private SumOrder Order(Piece piece) => Slides(piece) ? SumOrder.Sliding(shape, piece.Length) : SumOrder.Neighbours(shape);

    // [place][row]: the channels of a piece are far apart in memory, at a distance that would crowd them into few cache sets.
    private void Pack(Piece piece, Piece lines, float* gradients, float* values)
    {
        var first = (((nint)lines.Start * output.Width * shape.Channels) + piece.Start) * TLanes.Count;
        var row = 0;
        for (; row + 4 <= piece.Length; row += 4)
        {
            PackRows<Row4<TLanes>>(piece, row, lines.Length * output.Width, gradients + first, values == null ? null : values + first);
        }

        for (; row < piece.Length; row++)
        {
            PackRows<Row1<TLanes>>(piece, row, lines.Length * output.Width, gradients + first, values == null ? null : values + first);
        }
    }

    private void PackRows<TRow>(Piece piece, int row, int places, float* gradients, float* values) where TRow : unmanaged, IRow<TRow, TLanes>
    {
        var (from, step) = ((nint)row * TLanes.Count, (nint)shape.Channels * TLanes.Count);
        var to = packed + from;
        var bias = biasSums + ((piece.Start + row) * TLanes.Count);
        var sum = TRow.Load(bias, TLanes.Count);
        for (; places > 0; places--, from += step, to += piece.Length * TLanes.Count)
        {
            var gradient = TRow.Load(gradients + from, TLanes.Count);
            if (values != null)
            {
                gradient = gradient.KeepWherePositive(TRow.Load(values + from, TLanes.Count));
                if (KeepsGradient)
                {
                    gradient.Store(gradients + from, TLanes.Count);
                }
            }

            gradient.Store(to, TLanes.Count);
            sum = sum.Add(gradient);
        }

        sum.Store(bias, TLanes.Count);
    }

    // The three taps of a kernel line, channel by channel.
    private void Slide(int kernelLine, Piece piece, Piece block, float* input)
    {
        var lines = block.Intersect(TapStretch.Seen(kernelLine, shape.Input.Height, output.Height, shape));
        if (lines.Length == 0)
        {
            return;
        }

        var (lanes, channels) = (TLanes.Count, shape.Input.Channels);
        var strides = Strides(piece, lines, new Piece(0, output.Width));
        strides.DestinationRow = shape.Kernel * lanes;
        strides.DestinationColumn = lanes;
        strides.IsPadded = shape.Padding == 1;
        var factors = packed + ((lines.Start - block.Start) * strides.FactorLine);
        var source = Source(input, lines.Start, kernelLine, 0, 0);
        var order = Order(piece);
        var sum = sums.Of(piece) + ((nint)kernelLine * order.Line * lanes);
        var kernel = ProductKernels<TLanes>.SlidingFor(piece.Length);
        for (var channel = 0; channel < channels; channel++)
        {
            kernel(&strides, factors, source + (channel * lanes), sum + ((nint)channel * order.Channel * lanes));
        }
    }

    private void Add(in TapStretch stretch, Piece piece, Piece block, float* input)
    {
        var lines = block.Intersect(stretch.Lines);
        if (lines.Length == 0 || stretch.Places.Length == 0)
        {
            return;
        }

        var lanes = TLanes.Count;
        var strides = Strides(piece, lines, stretch.Places);
        strides.SourceColumn = lanes;
        strides.DestinationRow = (nint)shape.Taps * lanes;
        strides.DestinationColumn = lanes;
        var factors = packed + ((lines.Start - block.Start) * strides.FactorLine) + (stretch.Places.Start * strides.FactorPlace);
        var source = Source(input, lines.Start, stretch.KernelLine, stretch.Places.Start, stretch.KernelPlace);
        var order = Order(piece);
        var sum = sums.Of(piece) + ((((nint)stretch.KernelLine * order.Line) + (stretch.KernelPlace * order.Place)) * lanes);
        var columns = stretch.KernelPlaces * shape.Input.Channels;
        var cuts = Tiling.PiecesOf(columns, Tiling.WidestColumns(piece.Length, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(columns, cuts, index);
            ProductKernels<TLanes>.For(piece.Length, cut.Length)(&strides, factors, source + (cut.Start * lanes), sum + (cut.Start * lanes));
        }
    }

    private ProductStrides Strides(Piece piece, Piece lines, Piece places) => new()
    {
        Lines = lines.Length,
        Places = places.Length,
        FactorPlace = piece.Length * TLanes.Count,
        FactorLine = (nint)output.Width * piece.Length * TLanes.Count,
        SourcePlace = (nint)shape.Stride * shape.Input.Channels * TLanes.Count,
        SourceLine = (nint)shape.Stride * shape.Input.Width * shape.Input.Channels * TLanes.Count,
    };

    // The input that a tap multiplies at an output place; outside the line where a sliding tap begins in the padding.
    private float* Source(float* input, int line, int kernelLine, int place, int kernelPlace)
    {
        nint y = (line * shape.Stride) - shape.Padding + kernelLine;
        nint x = (place * shape.Stride) - shape.Padding + kernelPlace;
        return input + (((y * shape.Input.Width) + x) * shape.Input.Channels * TLanes.Count);
    }
}
