namespace Orchestrator.Models;

/// <summary>The shape of one sample between two layers; features are channels at a single place.</summary>
internal readonly record struct Volume(int Channels, int Height, int Width)
{
    public int Places => Height * Width;

    public int Length => checked(Channels * Height * Width);

    public bool IsFlat => Places == 1;

    public override string ToString() => IsFlat ? $"[{Channels}]" : $"[{Channels}, {Height}, {Width}]";
}
