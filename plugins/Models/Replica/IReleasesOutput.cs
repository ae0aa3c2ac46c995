namespace Orchestrator.Models;

/// <summary>
/// An operation whose backward pass can do without its output: its sole reader then gives it a
/// gradient that is zero where the operation's rectifier was, and may write that gradient over the
/// output.
/// </summary>
internal interface IReleasesOutput
{
    /// <summary>
    /// Says that the reader will do so; true if there is a rectifier to be heeded.
    /// </summary>
    bool ReleaseOutput();
}
