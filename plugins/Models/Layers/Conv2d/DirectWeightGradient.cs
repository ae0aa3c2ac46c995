using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The products tap by tap, of any shape, with one sum per lane;
/// <see cref="WeightGradientSums{TLanes}"/> adds the lanes.
/// </summary>
internal sealed unsafe class DirectWeightGradient<TLanes> : ConvolutionWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Bytes of the output's gradient that stay in the first-level cache while all taps pass over
    // them.
    private const int BlockBytes = 26624;

    private readonly ConvolutionShape shape;
    private readonly Volume output;
    private readonly nint line;
    private readonly Piece[] pieces;
    private readonly WeightGradientBlock<TLanes>[][] blocks;
    private readonly WeightGradientSums<TLanes> sums;
    private readonly float* biasSums;
    private readonly float* packed;

    public DirectWeightGradient(Workspace<TLanes> workspace, ConvolutionShape shape)
    {
        (this.shape, output) = (shape, shape.Output);
        line = (nint)output.Width * shape.Channels * TLanes.Count;
        pieces = Tiling.Rows(shape.Channels, TLanes.Registers);
        var plan = TapSegment.Plan(shape);
        var ofLength = pieces.Select(piece => piece.Length).Distinct().ToDictionary(rows => rows, rows => PlanBlocks(rows, plan));
        blocks = [.. pieces.Select(piece => ofLength[piece.Length])];
        sums = new WeightGradientSums<TLanes>(workspace, shape, pieces);
        biasSums = workspace.Allocate((long)shape.Channels * LogicalLanes<TLanes>.Count);
        if (pieces.Length > 1)
        {
            packed = workspace.Allocate(pieces.Max(piece => (long)LinesPerBlock(piece.Length) * piece.Length) * output.Width * TLanes.Count);
        }
    }

    public override bool TakesWholeGroup => sums.HoldsOnePiece;

    public override void Clear()
    {
        sums.Clear();
        new Span<float>(biasSums, shape.Channels * LogicalLanes<TLanes>.Count).Clear();
    }

    public override void Run(Activation to, bool rectify, Activation from, int firstChunk, int endChunk, float* weightGradient, bool isFirstGroup)
    {
        for (var i = 0; i < pieces.Length; i++)
        {
            var piece = pieces[i];
            sums.Enter(piece);
            for (var chunk = firstChunk; chunk < endChunk; chunk++)
            {
                Run(piece, chunk, blocks[i], to.Gradients(chunk), rectify ? to.Values(chunk) : null, from.Values(chunk));
            }

            sums.Leave(piece, Order(piece), weightGradient, isFirstGroup);
        }
    }

    /// <summary>True if <see cref="RunByLines"/> can be given lines, so many at a time.</summary>
    public bool GoesByLines(int height) => !TakesWholeGroup && pieces.Length == 1 && blocks[0].All(block => block.Lines.Start % height == 0);

    /// <summary>
    /// As <see cref="Run(Activation, bool, Activation, int, int, float*, bool)"/>, with the
    /// output's gradient asked for in pieces.
    /// </summary>
    /// <param name="consumer">Gives the gradient.</param>
    /// <param name="band">Where it may put a block's lines.</param>
    /// <param name="from">The input.</param>
    /// <param name="firstChunk">Of those to add.</param>
    /// <param name="endChunk">Beyond the last.</param>
    public void RunByLines(ILineConsumer consumer, float* band, Activation from, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            foreach (var block in blocks[0])
            {
                for (var i = 0; i < block.Lines.Length; i += consumer.Height)
                {
                    consumer.WriteGradient(chunk, block.Lines.Start + i, band + (i * line));
                }

                Pack(pieces[0], block.Lines.Length * output.Width, band, null, band, BiasSums(chunk));
                block.Add(band, from.Values(chunk), sums.Of(pieces[0], chunk));
            }
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
            LaneSums<TLanes>.Fold(biasSums, (nint)shape.Channels * TLanes.Count, biasGradient, shape.Channels);
        }
    }

    // From the first channel on; a stripe's chunks have sums of their own.
    private float* BiasSums(int chunk) => biasSums + ((nint)LogicalLanes<TLanes>.PlaceOf(chunk) * shape.Channels * TLanes.Count);

    private int LinesPerBlock(int rows) =>
        Math.Clamp(BlockBytes / (output.Width * rows * TLanes.Count * sizeof(float)), 1, output.Height);

    private WeightGradientBlock<TLanes>[] PlanBlocks(int rows, TapSegment[] plan)
    {
        var count = Tiling.PiecesOf(output.Height, LinesPerBlock(rows));
        return [.. Enumerable.Range(0, count).Select(i => new WeightGradientBlock<TLanes>(shape, rows, Tiling.Cut(output.Height, count, i), plan))];
    }

    private SumOrder Order(Piece piece) =>
        WeightGradientBlock<TLanes>.Slides(shape, piece.Length) ? SumOrder.Sliding(shape, piece.Length) : SumOrder.Neighbours(shape);

    private void Run(Piece piece, int chunk, WeightGradientBlock<TLanes>[] ofPiece, float* gradients, float* values, float* input)
    {
        var bias = BiasSums(chunk) + (piece.Start * TLanes.Count);
        foreach (var block in ofPiece)
        {
            var first = (block.Lines.Start * line) + (piece.Start * TLanes.Count);
            var factors = pieces.Length == 1 ? gradients + first : packed;
            Pack(piece, block.Lines.Length * output.Width, gradients + first, values == null ? null : values + first, factors, bias);
            block.Add(factors, input, sums.Of(piece, chunk));
        }
    }

    // [place][row]: the channels of a piece are far apart in memory, at a distance that would crowd
    // them into few cache sets. A sole piece stays where it is.
    private void Pack(Piece piece, int places, float* gradients, float* values, float* to, float* bias)
    {
        if (to == gradients && values == null)
        {
            Elementwise<TLanes>.AddPlaces(gradients, places, piece.Length, piece.Length * TLanes.Count, bias);
            return;
        }

        var row = 0;
        for (; row + 4 <= piece.Length; row += 4)
        {
            PackRows<Row4<TLanes>>(piece, row, places, gradients, values, to, bias);
        }

        for (; row + 2 <= piece.Length; row += 2)
        {
            PackRows<Row2<TLanes>>(piece, row, places, gradients, values, to, bias);
        }

        for (; row < piece.Length; row++)
        {
            PackRows<Row1<TLanes>>(piece, row, places, gradients, values, to, bias);
        }
    }

    private void PackRows<TRow>(Piece piece, int row, int places, float* gradients, float* values, float* to, float* bias)
        where TRow : unmanaged, IRow<TRow, TLanes>
    {
        var (from, step) = ((nint)row * TLanes.Count, (nint)shape.Channels * TLanes.Count);
        var (isMoved, isMasked, keeps) = (to != gradients, values != null, KeepsGradient || to == gradients);
        nint rows = piece.Length * TLanes.Count;
        to += from;
        bias += from;
        var sum = TRow.Load(bias, TLanes.Count);
        for (; places > 0; places--, from += step, to += rows)
        {
            var gradient = TRow.Load(gradients + from, TLanes.Count);
            if (isMasked)
            {
                gradient = gradient.KeepWherePositive(TRow.Load(values + from, TLanes.Count));
                if (keeps)
                {
                    gradient.Store(gradients + from, TLanes.Count);
                }
            }

            if (isMoved)
            {
                gradient.Store(to, TLanes.Count);
            }

            sum = sum.Add(gradient);
        }

        sum.Store(bias, TLanes.Count);
    }
}
