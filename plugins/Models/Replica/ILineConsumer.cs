namespace Orchestrator.Models;

/// <summary>
/// An operation that takes its input a few lines at a time and gives that input's gradient
/// likewise, whenever the producer of the input asks: neither of them is ever in memory as a whole,
/// so that they stay in the first-level cache.
/// </summary>
internal unsafe interface ILineConsumer
{
    /// <summary>Lines that are read or written at once; divides the number of lines.</summary>
    int Height { get; }

    /// <summary>
    /// Reads a chunk's lines from <paramref name="line"/> on, which are at <paramref name="from"/>.
    /// </summary>
    void Read(int chunk, int line, float* from);

    /// <summary>Writes the gradient of these lines.</summary>
    void WriteGradient(int chunk, int line, float* to);
}
