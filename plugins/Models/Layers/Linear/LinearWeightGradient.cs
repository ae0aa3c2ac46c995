namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a linear layer: inputs are transposed sample by sample, so that a lane is an input feature and each weight sums over the samples
/// without a sum over lanes at the end.
/// </summary>
internal sealed unsafe class LinearWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Floats of transposed inputs that stay in the second-level cache while all outputs pass over them.
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
                    SumPanel(piece, panel, samples, gradient, pass.FirstSample > 0);
                }
            }
        }
    }

    // [panel][sample][feature within the panel]; what the last panel has beyond the features stays zero.
    private void TransposeInputs(int chunk, int samples)
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = panel * PanelFloats;
            Transposition<TLanes>.Transpose(input.Values(chunk) + ((nint)first * TLanes.Count), Math.Min(PanelFloats, inputs - first),
                transposedInputs + ((nint)panel * samples * PanelFloats) + ((nint)chunk * TLanes.Count * PanelFloats), PanelFloats);
        }
    }

    // Whole vectors go where they belong; of the last panel's last one, only the features that there are.
    private void SumPanel(Piece piece, int panel, int samples, float* gradient, bool add)
    {
        var first = panel * PanelFloats;
        var source = transposedInputs + ((nint)panel * samples * PanelFloats);
        var to = gradient + ((nint)piece.Start * inputs) + first;
        var vectors = Math.Min(panelVectors, (inputs - first) / TLanes.Count);
        var strides = Strides(samples / TLanes.Count, inputs);
        var cuts = Tiling.PiecesOf(vectors, Tiling.WidestColumns(piece.Length, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(vectors, cuts, index);
            Sum(piece, cut.Length, strides, source + (cut.Start * TLanes.Count), to + (cut.Start * TLanes.Count), add ? TileStart.Vectors : TileStart.Zero);
        }

        var (whole, rest) = (vectors * TLanes.Count, inputs - first - (vectors * TLanes.Count));
        if (vectors < panelVectors && rest > 0)
        {
            Sum(piece, 1, Strides(samples / TLanes.Count, TLanes.Count), source + whole, edge, TileStart.Zero);
            CopyEdge(piece.Length, rest, to + whole, add);
        }
    }

    private void Sum(Piece piece, int columns, OuterStrides strides, float* source, float* destination, TileStart start) =>
        OuterKernels<TLanes>.For<LaneOfEach<TLanes>>(piece.Length, columns)(
            &strides, output.Gradients(0) + (piece.Start * TLanes.Count), source, destination, destination, start, false);

    // Segments are chunks, steps their samples.
    private OuterStrides Strides(int chunks, nint destinationRow) => new()
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
