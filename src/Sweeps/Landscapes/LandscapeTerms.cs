namespace Orchestrator.Sweeps;

/// <summary>What of a loss landscape is wanted.</summary>
/// <param name="Columns">Places along the first direction, at least 2.</param>
/// <param name="Rows">Places along the second direction, at least 2.</param>
/// <param name="IsRandom">Whether the directions are random and normalised by filter, around the
/// first run's last parameters; else the plane in which the runs' snapshots vary most.</param>
/// <param name="Extent">Half of the grid: of the box around the trajectories, or in lengths of the
/// filters; null for 1.25 of the box, or 1 length.</param>
/// <param name="Seed">Of random directions.</param>
public sealed record LandscapeTerms(int Columns, int Rows, bool IsRandom, double? Extent, long Seed)
{
    /// <summary>Along the first direction, for a box.</summary>
    internal double Reach => Extent ?? (IsRandom ? 1 : 1.25);
}
