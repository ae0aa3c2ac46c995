namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a linear layer: inputs are transposed sample by sample, so that a lane is
/// an input feature and each weight sums over the samples without a sum over lanes at the end.
/// </summary>
internal sealed unsafe class LinearWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Floats of transposed inputs that stay in the second-level cache while all outputs pass over
    // them.
    private const int BlockFloats = 65536;

    private readonly Activation input;
    private readonly Activation output;
    private readonly int inputs;
    private readonly int outputs;
    private readonly Piece[] pieces;
    private readonly int panelVectors;
    private readonly float* transposedInputs;
    private readonly float* edge;

    public LinearWeightGradient(Workspace<TLanes> workspace, Activation input, Activation output)
    {
        (this.input, this.output) = (input, output);
        (inputs, outputs) = (input.Volume.Channels, output.Volume.Channels);
        pieces = Tiling.Rows(outputs, TLanes.Registers);
        panelVectors = Tiling.WidestColumns(pieces[0].Length, TLanes.Registers);
        var samples = (long)workspace.Chunks * TLanes.Count;
        transposedInputs = workspace.Allocate(samples * Panels * PanelFloats);
        edge = workspace.Allocate(8L * TLanes.Count);
    }

    private int PanelFloats => panelVectors * TLanes.Count;

    private int Panels => (inputs + PanelFloats - 1) / PanelFloats;

    /// <summary>Writes the gradient of the first group, adds that of later ones.</summary>
    public void Run(Pass pass, float* gradient)
    {
        var samples = pass.Chunks * TLanes.Count;
        for (var chunk = 0; chunk < pass.Chunks; chunk++)
        {
            TransposeInputs(chunk, samples);
        }

        var panelsPerBlock = Math.Max(1, BlockFloats / (PanelFloats * samples));
        for (var first = 0; first < Panels; first += panelsPerBlock)
        {
            foreach (var piece in pieces)
            {
                for (var panel = first; panel < Math.Min(Panels, first + panelsPerBlock); panel++)
                {
                    SumPanel(piece, panel, pass, gradient);
                }
            }
        }
    }

    // [panel][sample][feature within the panel]; what the last panel has beyond the features stays
    // zero.
    private void TransposeInputs(int chunk, int samples)
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = panel * PanelFloats;
            Transposition<TLanes>.Transpose(input.Values(chunk) + ((nint)first * TLanes.Count), Math.Min(PanelFloats, inputs - first),
                transposedInputs + ((nint)panel * samples * PanelFloats) + ((nint)chunk * TLanes.Count * PanelFloats), PanelFloats);
        }
    }

    // Whole vectors go where they belong; of the last one, only the features that there are. The
    // features beyond the last multiple of 16 are an edge at any vector width: their sum over a
    // later group is made by itself and then added.
    private void SumPanel(Piece piece, int panel, Pass pass, float* gradient)
    {
        var (first, add) = (panel * PanelFloats, pass.FirstSample > 0);
        var source = transposedInputs + ((nint)panel * pass.Chunks * TLanes.Count * PanelFloats);
        var to = gradient + ((nint)piece.Start * inputs) + first;
        var end = Math.Min(PanelFloats, inputs - first);
        var whole = Math.Max(0, Math.Min(end, add ? (inputs / LogicalLanes<TLanes>.Count * LogicalLanes<TLanes>.Count) - first : end)) / TLanes.Count;
        var cuts = Tiling.PiecesOf(whole, Tiling.WidestColumns(piece.Length, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(whole, cuts, index);
            Sum(piece, cut.Length, pass.Samples, source + (cut.Start * TLanes.Count), to + (cut.Start * TLanes.Count), inputs, add ? TileStart.Vectors : TileStart.Zero);
        }

        for (var at = whole * TLanes.Count; at < end; at += TLanes.Count)
        {
            Sum(piece, 1, pass.Samples, source + at, edge, TLanes.Count, TileStart.Zero);
            CopyEdge(piece.Length, Math.Min(TLanes.Count, end - at), to + at, add);
        }
    }

    // Segments are chunks, steps their samples; lanes without a sample take no part.
    private void Sum(Piece piece, int columns, int samples, float* source, float* destination, nint destinationRow, TileStart start)
    {
        var (chunks, rest) = (samples / TLanes.Count, samples % TLanes.Count);
        var strides = new OuterStrides
        {
            Segments = chunks,
            Steps = TLanes.Count,
            FactorStep = 1,
            FactorSegment = output.GradientStride,
            SourceStep = PanelFloats,
            SourceSegment = (nint)TLanes.Count * PanelFloats,
            SourceColumn = TLanes.Count,
            DestinationRow = destinationRow,
            DestinationColumn = TLanes.Count,
        };
        var kernel = OuterKernels<TLanes>.For<LaneOfEach<TLanes>>(piece.Length, columns);
        var factors = output.Gradients(0) + (piece.Start * TLanes.Count);
        if (chunks > 0)
        {
            kernel(&strides, factors, source, destination, destination, start, false);
        }

        if (rest > 0)
        {
            (strides.Segments, strides.Steps) = (1, rest);
            kernel(
                &strides, factors + (chunks * strides.FactorSegment), source + (chunks * strides.SourceSegment), destination, destination,
                chunks > 0 ? TileStart.Vectors : start, false);
        }
    }

    private void CopyEdge(int rows, int rest, float* to, bool add)
    {
        for (var row = 0; row < rows; row++, to += inputs)
        {
            for (var i = 0; i < rest; i++)
            {
                to[i] = edge[(row * TLanes.Count) + i] + (add ? to[i] : 0);
            }
        }
    }
}
