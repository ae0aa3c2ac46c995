using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a 3x3 convolution by Winograd's short form;
/// <see cref="WinogradTransforms{TLanes}"/>. Inputs are transposed first, so that a lane is an
/// input channel and the sums run over samples too: 16 values per kernel remain, small enough for
/// the cache. Each partial sum runs over some tiles and the 16 samples of a stripe, at any vector
/// width.
/// </summary>
internal sealed unsafe class WinogradWeightGradient<TLanes> : ConvolutionWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Of the transformed gradients.
    private const int GradientBytes = 160 << 10;

    private const int StripeSamples = LogicalLanes<TLanes>.Count;

    // Keeps the 16 values of a transformed tile from competing for the same cache sets.
    private const int Stagger = 16;

    private readonly Workspace<TLanes> workspace;
    private readonly ConvolutionShape shape;
    private readonly WinogradTiles tiles;
    private readonly Piece[][] blocks;
    private readonly int rowVectors;
    private readonly PlaceFinder inputPlaces;
    private readonly PlaceFinder outputPlaces;
    private readonly nint inputPlane;
    private readonly nint gradientPlane;
    private readonly nint sumPlane;
    private readonly float* lines;
    private readonly float* zeros;
    private readonly float* sums;
    private readonly float* biasSums;

    public WinogradWeightGradient(Workspace<TLanes> workspace, ConvolutionShape shape)
    {
        (this.workspace, this.shape) = (workspace, shape);
        var (input, output) = (shape.Input, shape.Output);
        rowVectors = (input.Channels + TLanes.Count - 1) / TLanes.Count;
        // The tiles of a partial sum must not depend on the vector width: channels count in whole
        // vectors of 16.
        var countedChannels = (input.Channels + StripeSamples - 1) / StripeSamples * StripeSamples;
        tiles = new WinogradTiles(output.Height, output.Width, WinogradConvolution<TLanes>.TilesAtOnce(countedChannels, StripeSamples));
        var channelsAtOnce = GradientBytes / (WinogradTiles.Points * tiles.LargestBlock * StripeSamples * sizeof(float));
        blocks = WinogradConvolution<TLanes>.Blocks(Tiling.Rows(output.Channels, TLanes.Registers), channelsAtOnce);
        inputPlaces = new PlaceFinder(input, (nint)StripeSamples * RowFloats, (2 * tiles.LargestSpan) + 2);
        outputPlaces = new PlaceFinder(output, output.Channels * TLanes.Count, output.Height);
        inputPlane = (tiles.LargestBlock * inputPlaces.PlaceFloats) + Stagger;
        gradientPlane = ((nint)tiles.LargestBlock * blocks.Max(WinogradConvolution<TLanes>.Width) * StripeSamples) + Stagger;
        sumPlane = (nint)output.Channels * RowFloats;
        lines = workspace.Allocate((long)inputPlaces.HeldLines * input.Width * inputPlaces.PlaceFloats);
        zeros = workspace.Allocate(Math.Max(inputPlaces.PlaceFloats, outputPlaces.PlaceFloats));
        sums = workspace.Allocate(WinogradTiles.Points * (long)sumPlane);
        biasSums = workspace.Allocate(outputPlaces.PlaceFloats * (long)LogicalLanes<TLanes>.ChunksPerStripe);
        workspace.ReserveScratch(WinogradTiles.Points * (inputPlane + gradientPlane));
    }

    public override bool TakesStripes => true;

    // A row: the input channels of one sample, and lanes that stay zero.
    private int RowFloats => rowVectors * TLanes.Count;

    // The rows of a chunk's samples.
    private nint ChunkFloats => (nint)TLanes.Count * RowFloats;

    public override void Clear()
    {
        new Span<float>(sums, checked((int)(WinogradTiles.Points * sumPlane))).Clear();
        new Span<float>(biasSums, shape.Channels * StripeSamples).Clear();
    }

    public override void Run(Activation to, bool rectify, Activation from, int firstChunk, int endChunk, float* weightGradient, bool isFirstGroup)
    {
        var step = LogicalLanes<TLanes>.ChunksPerStripe;
        for (var chunk = firstChunk; chunk < endChunk; chunk += step)
        {
            Run(to, rectify, from, new Piece(chunk, Math.Min(step, endChunk - chunk)));
        }
    }

    public override void Finish(float* weightGradient, float* biasGradient)
    {
        var kernels = stackalloc float[9 * TLanes.Count];
        TLanes.Allocated(kernels, 9 * TLanes.Count);
        for (var row = 0; row < shape.Channels; row++)
        {
            for (var channel = 0; channel < shape.Input.Channels; channel += TLanes.Count)
            {
                WinogradTransforms<TLanes>.KernelGradient(sums + ((nint)row * RowFloats) + channel, sumPlane, kernels);
                for (var lane = 0; lane < Math.Min(TLanes.Count, shape.Input.Channels - channel); lane++)
                {
                    for (var tap = 0; tap < 9; tap++)
                    {
                        *weightGradient++ = kernels[(tap * TLanes.Count) + lane];
                    }
                }
            }
        }

        if (biasGradient != null)
        {
            LaneSums<TLanes>.Fold(biasSums, outputPlaces.PlaceFloats, biasGradient, shape.Channels);
        }
    }

    private void Run(Activation to, bool rectify, Activation from, Piece chunks)
    {
        var transformed = workspace.Scratch;
        var transformedGradients = transformed + (WinogradTiles.Points * inputPlane);
        var transposed = 0;
        for (var index = 0; index < tiles.Blocks; index++)
        {
            var block = tiles.Block(index);
            var end = Math.Min(shape.Input.Height, tiles.Corner(block.End - 1).Line - shape.Padding + WinogradTiles.Reach);
            for (; transposed < end; transposed++)
            {
                Transpose(from, chunks, transposed);
            }

            TransformInputs(block, chunks.Length, transformed);
            foreach (var pieces in blocks)
            {
                TransformGradients(block, pieces, to, rectify, chunks, transformedGradients);
                for (var point = 0; point < WinogradTiles.Points; point++)
                {
                    var factors = transformedGradients + (point * gradientPlane);
                    Multiply(factors, pieces, transformed + (point * inputPlane), block.Length * chunks.Length, sums + (point * sumPlane));
                }
            }
        }
    }

    // [place][sample of the stripe][channel]
    private void Transpose(Activation input, Piece chunks, int line)
    {
        var (width, channels) = (shape.Input.Width, shape.Input.Channels);
        for (var chunk = chunks.Start; chunk < chunks.End; chunk++)
        {
            var from = input.Values(chunk) + ((nint)line * width * channels * TLanes.Count);
            var to = lines + ((nint)(line % inputPlaces.HeldLines) * width * inputPlaces.PlaceFloats) + ((chunk - chunks.Start) * ChunkFloats);
            for (var place = 0; place < width; place++, from += channels * TLanes.Count, to += inputPlaces.PlaceFloats)
            {
                Transposition<TLanes>.Transpose(from, channels, to, RowFloats);
            }
        }
    }

    // [tile][sample][channel], of the chunks that there are.
    private void TransformInputs(Piece block, int chunks, float* transformed)
    {
        var places = stackalloc float*[WinogradTiles.Points];
        var length = chunks * ChunkFloats;
        for (var tile = block.Start; tile < block.End; tile++, transformed += length)
        {
            var (line, place) = tiles.Corner(tile);
            inputPlaces.Find(lines, (line - shape.Padding, place - shape.Padding), WinogradTiles.Reach, zeros, places);
            WinogradTransforms<TLanes>.Source(places, length, transformed, inputPlane);
        }
    }

    // [tile][chunk][row][lane]. Beyond an edge the gradient is zero, and masking it changes
    // nothing.
    private void TransformGradients(Piece block, Piece[] pieces, Activation to, bool rectify, Piece chunks, float* transformed)
    {
        var places = stackalloc float*[4];
        var valuePlaces = stackalloc float*[4];
        var first = pieces[0].Start * TLanes.Count;
        nint length = WinogradConvolution<TLanes>.Width(pieces) * TLanes.Count;
        for (var tile = block.Start; tile < block.End; tile++)
        {
            for (var chunk = chunks.Start; chunk < chunks.End; chunk++, transformed += length)
            {
                outputPlaces.Find(to.Gradients(chunk) + first, tiles.Corner(tile), WinogradTiles.Side, zeros, places);
                if (rectify)
                {
                    outputPlaces.Find(to.Values(chunk) + first, tiles.Corner(tile), WinogradTiles.Side, zeros, valuePlaces);
                    WinogradTransforms<TLanes>.KeepWherePositive(valuePlaces, places, length);
                }

                var bias = biasSums + (LogicalLanes<TLanes>.PlaceOf(chunk) * outputPlaces.PlaceFloats) + first;
                WinogradTransforms<TLanes>.Gradients(places, length, bias, transformed, gradientPlane);
            }
        }
    }

    private void Multiply(float* factors, Piece[] pieces, float* source, int chunks, float* to)
    {
        var strides = new OuterStrides
        {
            Segments = chunks,
            Steps = TLanes.Count,
            FactorStep = 1,
            FactorSegment = WinogradConvolution<TLanes>.Width(pieces) * TLanes.Count,
            SourceStep = RowFloats,
            SourceSegment = ChunkFloats,
            SourceColumn = TLanes.Count,
            DestinationRow = RowFloats,
            DestinationColumn = TLanes.Count,
        };
        foreach (var piece in pieces)
        {
            var cuts = Tiling.PiecesOf(rowVectors, Tiling.WidestColumns(piece.Length, TLanes.Registers));
            for (var index = 0; index < cuts; index++)
            {
                var cut = Tiling.Cut(rowVectors, cuts, index);
                var target = to + ((nint)piece.Start * RowFloats) + (cut.Start * TLanes.Count);
                OuterKernels<TLanes>.For<LaneOfEach<TLanes>>(piece.Length, cut.Length)(
                    &strides, factors + ((piece.Start - pieces[0].Start) * TLanes.Count), source + (cut.Start * TLanes.Count), target, target, TileStart.ZeroThenVectors, false);
            }
        }
    }
}
