namespace Orchestrator.Runs;

/// <summary>What the process returns; docs/ref-exit-codes.md has a section for each.</summary>
public static class ExitCodes
{
    /// <summary>
    /// Done. A run that diverged is done too: divergence is a result, and the summary's status says
    /// it.
    /// </summary>
    public const int Ok = 0;

    /// <summary>The run, or the command, failed.</summary>
    public const int Failed = 1;

    /// <summary>
    /// Nothing can be concluded: a replay differs, and so do the program or its kernels.
    /// </summary>
    public const int Inconclusive = 2;

    /// <summary>Bad arguments, a bad pipeline, missing data: nothing was started.</summary>
    public const int BadInput = 64;

    /// <summary>A fault of the program itself.</summary>
    public const int InternalError = 70;

    /// <summary>Cancelled by Ctrl-C or a termination signal.</summary>
    public const int Cancelled = 130;
}
