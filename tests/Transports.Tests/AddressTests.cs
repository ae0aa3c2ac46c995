using System.Net;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>Where a run listens, where hosts find it, and whose token is whose.</summary>
public sealed class AddressTests
{
    private const int Length = 64;

    [Theory]
    [InlineData("127.0.0.1:5151", true)]
    [InlineData("[::1]:5151", true)]
    [InlineData("some-host.example:5151", true)]
    [InlineData("5151", false)]
    [InlineData("", false)]
    [InlineData(":5151", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.1:", false)]
    [InlineData("127.0.0.1:0", false)]
    [InlineData("127.0.0.1:99999", false)]
    [InlineData("127.0.0.1: 5151", false)]
    [InlineData("127.0.0.1:+5151", false)]
    [InlineData("::1:5151", false)]
    [InlineData("[127.0.0.1]:5151", false)]
    [InlineData("[some]:5151", false)]
    [InlineData("shm:5151", false)]
    [InlineData("shm:name", false)]
    public void AnAddress_IsKnownByItsForm(string text, bool isTcp)
    {
        Assert.Equal(isTcp, new Tcp(new TcpOptions()).IsAddress(text));
        Assert.Equal(text.StartsWith("shm:", StringComparison.Ordinal), new SharedMemory(new SharedMemoryOptions()).IsAddress(text));
    }

    [Theory]
    [InlineData("5151", null, null, "is no address")]
    [InlineData("127.0.0.1:99999", null, null, "is no address")]
    [InlineData("127.0.0.1:0", "nowhere/t.token", null, "does not exist")]
    [InlineData("127.0.0.1:0", null, "nowhere.pem", "a PEM file")]
    public void APlaceToListen_IsCheckedBeforeAnythingIsStarted(string address, string? token, string? certificate, string expected)
    {
        var transport = new Tcp(new TcpOptions());

        Assert.Contains(expected, transport.Mistake(new MeetingPlace(address, token, certificate)));
        Assert.Null(transport.Mistake(new MeetingPlace("127.0.0.1:0")));
        Assert.Null(transport.Mistake(MeetingPlace.Private));
    }

    [Fact]
    public void AllAddressesOfAName_AreTried()
    {
        var named = Dns.GetHostAddresses("localhost");
        Assert.SkipUnless(named.Any(a => a.AddressFamily == AddressFamily.InterNetwork), "skipped: localhost has no address of version 4 here");
        using var server = Open(new MeetingPlace("127.0.0.1:0"));
        var port = server.Meeting!.Address.Split(':')[^1];

        // On a machine where the name has an address of version 6 too, nobody listens there.
        AssertJoins(server, $"localhost:{port}");
    }

    [Theory]
    [InlineData("[::]:0", "127.0.0.1")]
    [InlineData("[::]:0", "[::1]")]
    [InlineData("0.0.0.0:0", "127.0.0.1")]
    public void ListeningOnAllAddresses_TakesEveryVersion_AndTellsAnAddressToJoinAt(string listen, string from)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !listen.Contains('['), "skipped: this machine has no addresses of version 6");
        using var server = Open(new MeetingPlace(listen));
        var port = server.Meeting!.Address.Split(':')[^1];

        Assert.Equal($"{Dns.GetHostName()}:{port}", server.Meeting.Address);
        Assert.EndsWith($":{port}", server.Meeting.ListensOn);
        AssertJoins(server, $"{from}:{port}");
        AssertJoins(server, server.Meeting.LocalAddress);
    }

    [Fact]
    public void ATokenOfARunThatIsAlive_IsNotTouched_AndThatOfADeadOneIsRemoved()
    {
        var folder = Path.GetDirectoryName(TokenFiles.Of(1))!;
        using var first = Open(MeetingPlace.Private);
        var file = first.Meeting!.TokenFile!;

        // Of another machine that shares the home; nobody listens at that port here.
        var elsewhere = Path.Combine(folder, $"some-other-machine-{Guid.NewGuid():N}-1.token");
        var dead = Path.Combine(folder, $"{Environment.MachineName}-{Guid.NewGuid():N}.token");
        File.WriteAllText(elsewhere, "theirs");
        File.WriteAllText(elsewhere + ".lock", "");
        File.WriteAllText(dead, "nobody's");
        File.WriteAllText(dead + ".lock", "");
        try
        {
            var before = File.ReadAllText(file);
            using (Open(MeetingPlace.Private))
            {
                Assert.Equal(before, File.ReadAllText(file));
                Assert.True(File.Exists(elsewhere));
                Assert.False(File.Exists(dead) || File.Exists(dead + ".lock"));
            }

            Assert.Equal(before, File.ReadAllText(file));
            first.Dispose();
            Assert.False(File.Exists(file) || File.Exists(file + ".lock"));
        }
        finally
        {
            File.Delete(elsewhere);
            File.Delete(elsewhere + ".lock");
        }
    }

    [Fact]
    public void ATokenFileThatAnotherRunWasGivenSince_IsLeftToIt()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("orchestrator-token-").FullName, "run.token");
        using var second = Open(new MeetingPlace("127.0.0.1:0", file), first => first.Dispose());

        Assert.True(File.Exists(file));
        AssertJoins(second, second.Meeting!.Address);
        second.Dispose();
        Assert.False(File.Exists(file));
        Directory.Delete(Path.GetDirectoryName(file)!);
    }

    private static TcpServerEnd Open(MeetingPlace place) =>
        TcpServerEnd.Open(new LinkTerms(Length, Length, 0, 4) { Place = place }, new Limits(60_000, 60_000));

    // Two at the same place, of which the first ends when the second is there.
    private static TcpServerEnd Open(MeetingPlace place, Action<TcpServerEnd> end)
    {
        var first = Open(place);
        var second = Open(place);
        end(first);
        return second;
    }

    private static void AssertJoins(TcpServerEnd server, string address)
    {
        using var joining = TcpJoining.Open(new JoinRequest(address, server.Meeting!.TokenFile, 1));
        Assert.Equal("", joining.Session.Document);
    }
}
