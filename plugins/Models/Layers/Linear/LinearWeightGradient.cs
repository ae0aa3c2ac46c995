namespace Orchestrator.Models;

/// <summary>
/// The weight gradient of a linear layer: inputs and output gradients are turned sample by sample, so that a lane is an input feature and each weight
/// sums over the samples without a sum over lanes at the end.
/// </summary>
internal sealed unsafe class LinearWeightGradient<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Floats of turned inputs that stay in the second-level cache while all outputs pass over them.
    private const int BlockFloats = 65536;

    private readonly Activation input;
    private readonly Activation output;
    private readonly int inputs;
    private readonly int outputs;
    private readonly Piece[] pieces;
    private readonly int panelVectors;
    private readonly float* turnedInputs;
    private readonly float* turnedGradients;
    private readonly float* edge;

    public LinearWeightGradient(Workspace<TLanes> workspace, Activation input, Activation output)
    {
        (this.input, this.output) = (input, output);
        (inputs, outputs) = (input.Volume.Channels, output.Volume.Channels);
        pieces = Tiling.Rows(outputs, TLanes.Registers);
        panelVectors = Tiling.WidestColumns(pieces[0].Length, TLanes.Registers);
        var samples = (long)workspace.Chunks * TLanes.Count;
        turnedInputs = workspace.Allocate(samples * Panels * PanelFloats);
        turnedGradients = workspace.Allocate(samples * outputs);
        edge = workspace.Allocate(8L * PanelFloats);
    }

    private int PanelFloats => panelVectors * TLanes.Count;

    private int Panels => (inputs + PanelFloats - 1) / PanelFloats;

    /// <summary>Writes the gradient of the first group, adds that of later ones.</summary>
    public void Run(Pass pass, float* gradient)
    {
        var samples = pass.Chunks * TLanes.Count;
        for (var chunk = 0; chunk < pass.Chunks; chunk++)
        {
            TurnGradients(chunk);
            TurnInputs(chunk, samples);
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

    // [sample][output]
    private void TurnGradients(int chunk) => Transposition<TLanes>.Turn(output.Gradients(chunk), outputs, turnedGradients + ((nint)chunk * TLanes.Count * outputs), outputs);

    // [panel][sample][feature within the panel]; what the last panel has beyond the features comes to nothing in CopyEdge.
    private void TurnInputs(int chunk, int samples)
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var first = panel * PanelFloats;
            Transposition<TLanes>.Turn(input.Values(chunk) + ((nint)first * TLanes.Count), Math.Min(PanelFloats, inputs - first),
                turnedInputs + ((nint)panel * samples * PanelFloats) + ((nint)chunk * TLanes.Count * PanelFloats), PanelFloats);
        }
    }

    private void SumPanel(Piece piece, int panel, int samples, float* gradient, bool add)
    {
        var first = panel * PanelFloats;
        var isWhole = first + PanelFloats <= inputs;
        var destination = isWhole ? gradient + ((nint)piece.Start * inputs) + first : edge;
        var strides = new OuterStrides
        {
            Stretches = 1,
            Steps = samples,
            FactorStep = outputs,
            SourceStep = PanelFloats,
            SourceColumn = TLanes.Count,
            DestinationRow = isWhole ? inputs : PanelFloats,
            DestinationColumn = TLanes.Count,
        };
        var columns = Tiling.WidestColumns(piece.Length, TLanes.Registers);
        var cuts = Tiling.PiecesOf(panelVectors, columns);
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(panelVectors, cuts, index);
            var offset = cut.Start * TLanes.Count;
            OuterKernels<TLanes>.For<Neighbours>(piece.Length, cut.Length)(
                &strides, turnedGradients + piece.Start, turnedInputs + ((nint)panel * samples * PanelFloats) + offset, destination + offset,
                destination + offset, add && isWhole ? TileStart.Vectors : TileStart.Zero, false);
        }

        if (!isWhole)
        {
            CopyEdge(piece, first, gradient, add);
        }
    }

    private void CopyEdge(Piece piece, int first, float* gradient, bool add)
    {
        for (var row = 0; row < piece.Length; row++)
        {
            var to = gradient + ((nint)(piece.Start + row) * inputs) + first;
            for (var i = 0; i < inputs - first; i++)
            {
                to[i] = edge[(row * PanelFloats) + i] + (add ? to[i] : 0);
            }
        }
    }
}
