namespace Orchestrator.Transports.Tests;

public sealed class TokenFilesTests
{
    [Fact]
    public async Task Servers_that_begin_together_do_not_take_one_another_for_what_was_killed()
    {
        // Ports that no program listens at by itself; nothing is opened there.
        await Parallel.ForEachAsync(Enumerable.Range(1, 8), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, (port, _) =>
        {
            for (var round = 0; round < 200; round++)
            {
                TokenFiles.Remove(TokenFiles.Claim(port), TokenFiles.Of(port));
            }

            return ValueTask.CompletedTask;
        });
    }
}
