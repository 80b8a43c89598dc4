namespace PvLakehouse.TestServers;

/// <summary>How a Ceph of one node is set up to be quick and small; each line that is not obvious says why.</summary>
internal static class CephConfiguration
{
    public static string Text(string folder, string id, int monitorPort, int frontPort, bool onDisk) =>
        $"""
        [global]
        fsid = {id}
        mon host = v2:127.0.0.1:{monitorPort}
        mon initial members = a
        public addr = 127.0.0.1
        cluster addr = 127.0.0.1
        ms bind ipv6 = false
        ms bind msgr1 = false
        ms async op threads = 2
        # The daemons trust each other; signatures of S3 are another matter.
        auth cluster required = none
        auth service required = none
        auth client required = none
        keyring = {folder}/keyring
        run dir = {folder}/run
        admin socket = {folder}/run/$name.asok
        log file = {folder}/log/$name.log
        log to stderr = false
        crash dir = {folder}/crash
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pgp num = 1
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0

        [mon]
        mon data = {folder}/mon
        mon allow pool size one = true
        mon max pg per osd = 1000
        # A monitor refuses to start on a disk that is nearly full.
        mon data avail crit = 1
        mon data avail warn = 2
        # The defaults wait a second for each change of the map, and every pool is one.
        paxos propose interval = 0.02
        paxos min wait = 0.01

        [osd]
        osd data = {folder}/osd
        osd objectstore = {(onDisk ? "bluestore" : "memstore")}
        osd memory target = 939524096
        # A store in memory is written out only by a slow stop.
        osd fast shutdown = false
        osd mon shutdown timeout = 0.5
        osd op num shards = 2
        osd op num threads per shard = 2
        # By default whatever a killed front watched stays blocked for 30 s.
        osd client watch timeout = 2
        osd max object name len = 460
        osd max object namespace len = 64
        memstore device bytes = 4294967296
        bluestore block create = true
        bluestore block size = 4294967296
        bluestore cache autotune = false
        bluestore cache size = 67108864

        [client]
        rgw data = {folder}/rgw
        # A front that is up before the store asks again after this time, by default 5 s.
        objecter tick interval = 0.1
        # The front's default is "secure", which does not go with daemons that trust each other.
        ms mon client mode = crc
        # Without tcp_nodelay most answers take 40 ms longer.
        rgw frontends = beast endpoint=127.0.0.1:{frontPort} tcp_nodelay=1
        rgw thread pool size = 32
        rgw override bucket index max shards = 1
        rgw dynamic resharding = false
        rgw run sync thread = false
        rgw crypt require ssl = false
        rgw bucket quota ttl = 0
        # A front that is killed while it completes an upload leaves it locked for this time, by default 600 s.
        rgw mp lock max time = 5

        """;
}
