using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>What options must keep to once the number of workers is known.</summary>
internal static class Limits
{
    /// <summary>
    /// Throws unless a value lies between its least and what the number of workers allows.
    /// </summary>
    public static void Between(string option, int value, int least, int most, int workers)
    {
        if (value > most)
        {
            throw new OptionException(option, $"{value} is too large for {workers} workers; allowed: {least} to {most}.");
        }
    }
}
