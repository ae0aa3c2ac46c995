using System.Net.Sockets;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// The fuzzer's frames and letters over real sockets, against a server at which a good host works.
/// </summary>
internal static class SocketFuzzer
{
    /// <returns>Number of connections made.</returns>
    public static int Run(int connections)
    {
        using var run = new GuardedRun(silence: 60_000, proving: 200);
        run.AddGoodHost();
        for (var i = 0; i < connections; i++)
        {
            var random = new Random(i);
            using var intruder = new Intruder(run.Server);
            try
            {
                if (i % 2 == 0)
                {
                    var noise = new byte[random.Next(600)];
                    random.NextBytes(noise);
                    intruder.SendRaw(noise);
                }
                else
                {
                    intruder.Join();
                    intruder.SendRaw(Fuzzer.Frames(random, run.Terms.PushLength * sizeof(float)));
                }
            }
            catch (Exception e) when (e is IOException or SocketException or RefusedException or ProtocolException)
            {
                // The server was quicker to end it.
            }

            if (i % 20 == 0)
            {
                intruder.Dispose();
                run.WorkGoesOn();
            }
        }

        run.WorkGoesOn();
        return connections;
    }
}
