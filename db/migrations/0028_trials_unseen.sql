-- Which agents a version is tried on is the company's own business: like pins, a person in his own reach does not read it.
-- Orders find their version by resolve_version, which runs with its owner's right.
revoke select on rollouts from samfony_api;
