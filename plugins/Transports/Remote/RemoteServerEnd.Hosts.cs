using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <content>Who is there: hosts that join and leave, which of them gets work, and who has been
/// silent or away for too long.</content>
internal abstract partial class RemoteServerEnd
{
    private void Join(Peer peer)
    {
        peers.Add(peer);
        Free += peer.Free;
        SearchWhereThereIsASecond();
        happened.Enqueue(new LinkEvent(LinkEventKind.HostJoined, 0, peer.Number, null, double.NaN, 0, $"{peer.HostIdentity.Name}, {peer.HostIdentity.Cores} cores"));
    }

    private void Leave(Peer peer, string? why)
    {
        LookAtHosts();
        peer.IsGone = true;
        peers.Remove(peer);
        Free -= peer.Free;
        SearchWhereThereIsASecond();
        happened.Enqueue(new LinkEvent(LinkEventKind.HostLeft, 0, peer.Number, null, double.NaN, 0, $"{peer.HostIdentity.Name}: {why}"));
        foreach (var ticket in peer.Outstanding.ToList())
        {
            End(assignments[ticket], ticket);
            happened.Enqueue(new LinkEvent(LinkEventKind.Lost, ticket, peer.Number, null, double.NaN, 0, why));
        }

        lingering.Add(peer);
        ForgetIfUnused(peer);
    }

    // A host that is gone is kept only as long as the server holds results of it; after that, what
    // it carried is all that stays. Hosts may come and go by the thousand.
    private void ForgetIfUnused(Peer peer)
    {
        if (peer.IsGone && peer.Used == 0 && lingering.Remove(peer))
        {
            departed.Add(peer.Traffic);
            peer.FreeMemory();
        }
    }

    // One host alone has to be believed.
    private void SearchWhereThereIsASecond() => peers.ForEach(peer => peer.SearchesResults = peers.Count > 1);

    // The least busy host per core, but the last slot of a host only when there is no other: it is
    // what the earliest work may need. Work whose first result was doubted goes to another host. One
    // that has failed and not left yet is as good as any: its work comes back as lost.
    private Peer? Choose(Peer? doubted)
    {
        Peer? best = null;
        foreach (var peer in peers)
        {
            if (peer.Free > 0 && (best is null || Better(peer, best, doubted)))
            {
                best = peer;
            }
        }

        return best;
    }

    private static bool Better(Peer a, Peer b, Peer? doubted)
    {
        if (a == doubted || b == doubted)
        {
            return b == doubted;
        }

        var (aSpare, bSpare) = (a.Free > 1, b.Free > 1);
        return aSpare != bSpare ? aSpare : (long)a.Used * b.HostIdentity.Cores < (long)b.Used * a.HostIdentity.Cores;
    }

    private void Tick()
    {
        var comes = TickAcceptor();
        var now = Volatile.Read(ref visits);
        var stands = now == visitsThen;
        isAway = !inbox.IsSleptOn && stands;
        visitsThen = now;
        bool hostless;
        lock (watched)
        {
            // While the server's thread is away, or one of a host makes its step, a result may lie where
            // nobody has looked.
            var isCounted = Listens ? !isAway : !(stands && (inbox.HasWaiting || watched.Exists(peer => peer.Reports)));
            for (var i = watched.Count - 1; i >= 0; i--)
            {
                if (watched[i].IsGone)
                {
                    watched.RemoveAt(i);
                }
                else
                {
                    watched[i].Tick();
                    watched[i].WatchGradients(gradientTimes, isCounted);
                }
            }

            // One that has proved itself and loads its data is on its way; how long it may is bounded.
            hostless = lastNumber > 0 && watched.Count == 0 && !comes;
        }

        hostlessTicks = hostless ? hostlessTicks + 1 : 0;
        if (hostlessTicks == limits.Ticks(limits.HostWait))
        {
            Ring();
        }
    }
}
