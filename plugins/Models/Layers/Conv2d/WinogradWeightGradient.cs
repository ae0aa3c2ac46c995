using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a 3x3 convolution by Winograd's short form; <see cref="WinogradTransforms{TLanes}"/>. Inputs are transposed first, so that a lane is an
/// input channel and the sums run over samples too: 16 values per kernel remain, small enough for the cache.
/// </summary>
internal sealed unsafe class WinogradWeightGradient<TLanes> : ConvolutionWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Of the transformed gradients.
    private const int GradientBytes = 160 << 10;

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
        tiles = new WinogradTiles(output.Height, output.Width, WinogradConvolution<TLanes>.TilesAtOnce(rowVectors * TLanes.Count));
        var channelsAtOnce = GradientBytes / (WinogradTiles.Points * tiles.LargestBlock * TLanes.Count * sizeof(float));
        blocks = WinogradConvolution<TLanes>.Blocks(Tiling.Rows(output.Channels, TLanes.Registers), channelsAtOnce);
        inputPlaces = new PlaceFinder(input, (nint)TLanes.Count * RowFloats, (2 * tiles.LargestSpan) + 2);
        outputPlaces = new PlaceFinder(output, output.Channels * TLanes.Count, output.Height);
        inputPlane = (tiles.LargestBlock * inputPlaces.PlaceFloats) + Stagger;
        gradientPlane = ((nint)tiles.LargestBlock * blocks.Max(WinogradConvolution<TLanes>.Width) * TLanes.Count) + Stagger;
        sumPlane = (nint)output.Channels * RowFloats;
        lines = workspace.Allocate((long)inputPlaces.HeldLines * input.Width * inputPlaces.PlaceFloats);
        zeros = workspace.Allocate(Math.Max(inputPlaces.PlaceFloats, outputPlaces.PlaceFloats));
        sums = workspace.Allocate(WinogradTiles.Points * (long)sumPlane);
        biasSums = workspace.Allocate(outputPlaces.PlaceFloats);
        workspace.ReserveScratch(WinogradTiles.Points * (inputPlane + gradientPlane));
    }

    // A row: the input channels of one sample, and lanes that stay zero.
    private int RowFloats => rowVectors * TLanes.Count;

    public override void Clear()
    {
        new Span<float>(sums, checked((int)(WinogradTiles.Points * sumPlane))).Clear();
        new Span<float>(biasSums, (int)outputPlaces.PlaceFloats).Clear();
    }

    public override void Run(Activation to, bool rectify, Activation from, int firstChunk, int endChunk, float* weightGradient, bool isFirstGroup)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            Run(to.Gradients(chunk), rectify ? to.Values(chunk) : null, from.Values(chunk));
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
            LaneSums<TLanes>.Fold(biasSums, biasGradient, shape.Channels);
        }
    }

    private void Run(float* gradients, float* values, float* input)
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
                Transpose(input, transposed);
            }

            TransformInputs(block, transformed);
            foreach (var pieces in blocks)
            {
                TransformGradients(block, pieces, gradients, values, transformedGradients);
                for (var point = 0; point < WinogradTiles.Points; point++)
                {
                    var factors = transformedGradients + (point * gradientPlane);
                    Multiply(factors, pieces, transformed + (point * inputPlane), block.Length, sums + (point * sumPlane));
                }
            }
        }
    }

    // [place][sample][channel]
    private void Transpose(float* input, int line)
    {
        var (width, channels) = (shape.Input.Width, shape.Input.Channels);
        var from = input + ((nint)line * width * channels * TLanes.Count);
        var to = lines + ((nint)(line % inputPlaces.HeldLines) * width * inputPlaces.PlaceFloats);
        for (var place = 0; place < width; place++, from += channels * TLanes.Count, to += inputPlaces.PlaceFloats)
        {
            Transposition<TLanes>.Transpose(from, channels, to, RowFloats);
        }
    }

    private void TransformInputs(Piece block, float* transformed)
    {
        var places = stackalloc float*[WinogradTiles.Points];
        for (var tile = block.Start; tile < block.End; tile++, transformed += inputPlaces.PlaceFloats)
        {
            var (line, place) = tiles.Corner(tile);
            inputPlaces.Find(lines, (line - shape.Padding, place - shape.Padding), WinogradTiles.Reach, zeros, places);
            WinogradTransforms<TLanes>.Source(places, inputPlaces.PlaceFloats, transformed, inputPlane);
        }
    }

    // Beyond an edge the gradient is zero, and masking it changes nothing.
    private void TransformGradients(Piece block, Piece[] pieces, float* gradients, float* values, float* transformed)
    {
        var places = stackalloc float*[4];
        var valuePlaces = stackalloc float*[4];
        var first = pieces[0].Start * TLanes.Count;
        nint length = WinogradConvolution<TLanes>.Width(pieces) * TLanes.Count;
        for (var tile = block.Start; tile < block.End; tile++, transformed += length)
        {
            outputPlaces.Find(gradients + first, tiles.Corner(tile), WinogradTiles.Side, zeros, places);
            if (values != null)
            {
                outputPlaces.Find(values + first, tiles.Corner(tile), WinogradTiles.Side, zeros, valuePlaces);
                WinogradTransforms<TLanes>.KeepWherePositive(valuePlaces, places, length);
            }

            WinogradTransforms<TLanes>.Gradients(places, length, biasSums + first, transformed, gradientPlane);
        }
    }

    private void Multiply(float* factors, Piece[] pieces, float* source, int count, float* to)
    {
        var strides = new OuterStrides
        {
            Segments = count,
            Steps = TLanes.Count,
            FactorStep = 1,
            FactorSegment = WinogradConvolution<TLanes>.Width(pieces) * TLanes.Count,
            SourceStep = RowFloats,
            SourceSegment = inputPlaces.PlaceFloats,
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
