BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	actor TEXT NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	object_id VARCHAR(200) NOT NULL, 
	detail JSON NOT NULL
);
INSERT INTO "audit" VALUES(1,'2026-11-28 12:44:08.380714','','add','session','s1','{}');
INSERT INTO "audit" VALUES(2,'2026-11-28 12:44:08.393295','','add','session','s2','{}');
INSERT INTO "audit" VALUES(3,'2026-11-28 12:44:08.427058','Ana','add','photo','1m8h2ycv3pnmdh1m','{}');
INSERT INTO "audit" VALUES(4,'2026-11-28 12:44:08.625615','Ana','correct','board','1m8h2ycw7mgfevpc','{"correction":"1m8h2yd181mytpas","field":"text","value":"enjeux"}');
INSERT INTO "audit" VALUES(5,'2026-11-28 12:44:08.638723','Ana','correct','board','1m8h2ycw7p498gc7','{"correction":"1m8h2yd1t78t5zaj","field":"phase","value":"ACT"}');
INSERT INTO "audit" VALUES(6,'2026-11-28 12:44:08.670209','Ana','add','photo','1m8h2yd2xbn6ehgm','{}');
INSERT INTO "audit" VALUES(7,'2026-11-28 12:44:08.717848','Ana','correct','board','1m8h2yd3s0b2v05j','{"correction":"1m8h2yd474bxtagv","field":"text","value":"enjeux"}');
INSERT INTO "audit" VALUES(8,'2026-11-28 12:44:08.727955','Ana','correct','board','1m8h2yd3st1g1vcf','{"correction":"1m8h2yd4n7j0kqq8","field":"phase","value":"ACT"}');
INSERT INTO "audit" VALUES(9,'2026-11-28 12:44:08.774046','Ana','add','photo','1m8h2yd65cf2hwmr','{}');
CREATE TABLE blobs (
	digest VARCHAR(128) NOT NULL, 
	algorithm VARCHAR(20) NOT NULL, 
	size BIGINT, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_blobs PRIMARY KEY (digest)
);
INSERT INTO "blobs" VALUES('96210597a3cedee79899b4b1a5068078e7ac45d7489f7ceeb69383db21f322a5','sha256',7,'2026-11-28 12:44:08.419271');
INSERT INTO "blobs" VALUES('0d0de96662580cc6766e716ea65c590b3e4853e84e0b563a5ed34b7f6b89771d','sha256',NULL,'2026-11-28 12:44:08.462312');
INSERT INTO "blobs" VALUES('e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2','sha256',7,'2026-11-28 12:44:08.669322');
INSERT INTO "blobs" VALUES('6e2c0f9a1c68d22e10047ec190a08ce9042dbc75ada3f7359b84af460d6c79b3','sha256',NULL,'2026-11-28 12:44:08.698525');
INSERT INTO "blobs" VALUES('9b73ce2e5c72e9c8eb35ae3f509ef901b26ed3e9811f0782f3633cceab140918','sha256',7,'2026-11-28 12:44:08.773207');
CREATE TABLE boards (
	id VARCHAR(40) NOT NULL, 
	session_id VARCHAR(200) NOT NULL, 
	current INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	phase VARCHAR(20) NOT NULL, 
	confidence FLOAT, 
	quad_confidence FLOAT NOT NULL, 
	whole_photo BOOLEAN NOT NULL, 
	retired VARCHAR(20), 
	replaced_by VARCHAR(40), 
	author TEXT NOT NULL, 
	credit TEXT NOT NULL, 
	permitted_uses TEXT NOT NULL, 
	caption TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_boards PRIMARY KEY (id), 
	CONSTRAINT fk_boards_replaced_by FOREIGN KEY(replaced_by) REFERENCES boards (id), 
	CONSTRAINT fk_boards_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
INSERT INTO "boards" VALUES('1m8h2ycw7mgfevpc','s1',2,3,'SCAN',1.0,0.9,0,NULL,NULL,'','','','','2026-11-28 12:44:08.455880');
INSERT INTO "boards" VALUES('1m8h2ycw7p498gc7','s1',1,3,'ACT',0.8,0.9,0,'vanished',NULL,'','','','','2026-11-28 12:44:08.462663');
INSERT INTO "boards" VALUES('1m8h2yd3s0b2v05j','s1',1,2,'SCAN',1.0,0.9,0,NULL,NULL,'','','','','2026-11-28 12:44:08.697876');
INSERT INTO "boards" VALUES('1m8h2yd3st1g1vcf','s1',1,2,'ACT',0.8,0.9,0,NULL,NULL,'','','','','2026-11-28 12:44:08.698688');
CREATE TABLE changes (
	sequence BIGINT NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	object_id VARCHAR(200) NOT NULL, 
	revision INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	CONSTRAINT pk_changes PRIMARY KEY (sequence)
);
INSERT INTO "changes" VALUES(1,'session','s1',1,0);
INSERT INTO "changes" VALUES(2,'session','s2',1,0);
INSERT INTO "changes" VALUES(3,'photo','1m8h2ycv3pnmdh1m',1,0);
INSERT INTO "changes" VALUES(4,'board','1m8h2ycw7mgfevpc',1,0);
INSERT INTO "changes" VALUES(5,'board','1m8h2ycw7p498gc7',1,0);
INSERT INTO "changes" VALUES(6,'photo','1m8h2ycv3pnmdh1m',2,0);
INSERT INTO "changes" VALUES(7,'board','1m8h2ycw7mgfevpc',2,0);
INSERT INTO "changes" VALUES(8,'board','1m8h2ycw7p498gc7',2,0);
INSERT INTO "changes" VALUES(9,'photo','1m8h2yd2xbn6ehgm',1,0);
INSERT INTO "changes" VALUES(10,'board','1m8h2yd3s0b2v05j',1,0);
INSERT INTO "changes" VALUES(11,'board','1m8h2yd3st1g1vcf',1,0);
INSERT INTO "changes" VALUES(12,'photo','1m8h2yd2xbn6ehgm',2,0);
INSERT INTO "changes" VALUES(13,'board','1m8h2yd3s0b2v05j',2,0);
INSERT INTO "changes" VALUES(14,'board','1m8h2yd3st1g1vcf',2,0);
INSERT INTO "changes" VALUES(15,'photo','1m8h2yd65cf2hwmr',1,0);
INSERT INTO "changes" VALUES(16,'board','1m8h2ycw7mgfevpc',3,0);
INSERT INTO "changes" VALUES(17,'board','1m8h2ycw7p498gc7',3,1);
INSERT INTO "changes" VALUES(18,'photo','1m8h2ycv3pnmdh1m',3,0);
INSERT INTO "changes" VALUES(19,'material','m1',1,0);
CREATE TABLE corrections (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(40) NOT NULL, 
	photo_id VARCHAR(40) NOT NULL, 
	board_id VARCHAR(40), 
	field VARCHAR(20) NOT NULL, 
	value JSON NOT NULL, 
	anchor JSON NOT NULL, 
	added BOOLEAN NOT NULL, 
	author TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	orphaned BOOLEAN NOT NULL, 
	withdrawn_at DATETIME, 
	CONSTRAINT fk_corrections_board_id FOREIGN KEY(board_id) REFERENCES boards (id), 
	CONSTRAINT fk_corrections_photo_id FOREIGN KEY(photo_id) REFERENCES photos (id), 
	CONSTRAINT uq_corrections_id UNIQUE (id)
);
INSERT INTO "corrections" VALUES(1,'1m8h2yd181mytpas','1m8h2ycv3pnmdh1m','1m8h2ycw7mgfevpc','text','"enjeux"','[[60.0,60.0],[260.0,60.0],[260.0,90.0],[60.0,90.0]]',0,'Ana','2026-11-28 12:44:08.616757',0,NULL);
INSERT INTO "corrections" VALUES(2,'1m8h2yd1t78t5zaj','1m8h2ycv3pnmdh1m','1m8h2ycw7p498gc7','phase','"ACT"','[]',0,'Ana','2026-11-28 12:44:08.634610',1,NULL);
INSERT INTO "corrections" VALUES(3,'1m8h2yd474bxtagv','1m8h2yd2xbn6ehgm','1m8h2yd3s0b2v05j','text','"enjeux"','[[60.0,60.0],[260.0,60.0],[260.0,90.0],[60.0,90.0]]',0,'Ana','2026-11-28 12:44:08.711239',0,NULL);
INSERT INTO "corrections" VALUES(4,'1m8h2yd4n7j0kqq8','1m8h2yd2xbn6ehgm','1m8h2yd3st1g1vcf','phase','"ACT"','[]',0,'Ana','2026-11-28 12:44:08.725783',0,NULL);
CREATE TABLE feed (
	id INTEGER NOT NULL, 
	last BIGINT NOT NULL, 
	CONSTRAINT pk_feed PRIMARY KEY (id)
);
INSERT INTO "feed" VALUES(1,19);
CREATE TABLE jobs (
	photo_id VARCHAR(40) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due DATETIME NOT NULL, 
	token VARCHAR(40), 
	worker TEXT, 
	reason TEXT, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (photo_id), 
	CONSTRAINT fk_jobs_photo_id FOREIGN KEY(photo_id) REFERENCES photos (id)
);
INSERT INTO "jobs" VALUES('1m8h2ycv3pnmdh1m','done',0,'2026-11-28 12:44:08.425975',NULL,NULL,NULL,'2026-11-28 12:44:08.799177');
INSERT INTO "jobs" VALUES('1m8h2yd2xbn6ehgm','done',0,'2026-11-28 12:44:08.669891',NULL,NULL,NULL,'2026-11-28 12:44:08.705802');
INSERT INTO "jobs" VALUES('1m8h2yd65cf2hwmr','waiting',0,'2026-11-28 12:44:08.773743',NULL,NULL,NULL,'2026-11-28 12:44:08.773744');
CREATE TABLE materials (
	id VARCHAR(200) NOT NULL, 
	session_id VARCHAR(200), 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	phase VARCHAR(20), 
	revision INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_materials PRIMARY KEY (id), 
	CONSTRAINT fk_materials_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
INSERT INTO "materials" VALUES('m1','s1','CR','Compte rendu de la journée',NULL,1,'2026-11-28 12:44:08.800899');
CREATE TABLE photos (
	id VARCHAR(40) NOT NULL, 
	session_id VARCHAR(200) NOT NULL, 
	taken_into VARCHAR(200) NOT NULL, 
	blob VARCHAR(128) NOT NULL, 
	file_name TEXT NOT NULL, 
	uploader TEXT NOT NULL, 
	taken_at DATETIME, 
	added_at DATETIME NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	content VARCHAR(20) NOT NULL, 
	content_read VARCHAR(20) NOT NULL, 
	width INTEGER, 
	height INTEGER, 
	warnings JSON NOT NULL, 
	error TEXT, 
	recipe VARCHAR(64), 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_photos PRIMARY KEY (id), 
	CONSTRAINT fk_photos_blob FOREIGN KEY(blob) REFERENCES blobs (digest), 
	CONSTRAINT fk_photos_recipe FOREIGN KEY(recipe) REFERENCES recipes (digest), 
	CONSTRAINT fk_photos_session_id FOREIGN KEY(session_id) REFERENCES sessions (id), 
	CONSTRAINT fk_photos_taken_into FOREIGN KEY(taken_into) REFERENCES sessions (id), 
	CONSTRAINT uq_photos_session_id_blob UNIQUE (session_id, blob)
);
INSERT INTO "photos" VALUES('1m8h2ycv3pnmdh1m','s1','s1','96210597a3cedee79899b4b1a5068078e7ac45d7489f7ceeb69383db21f322a5','IMG_0.jpg','Ana',NULL,'2026-11-28 12:44:08.419624','done','board','board',1000,800,'["glare covers 4 % of the board"]',NULL,'53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e',3);
INSERT INTO "photos" VALUES('1m8h2yd2xbn6ehgm','s1','s1','e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2','IMG_1.jpg','Ana',NULL,'2026-11-28 12:44:08.669485','done','board','board',1000,800,'["glare covers 4 % of the board"]',NULL,'4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',2);
INSERT INTO "photos" VALUES('1m8h2yd65cf2hwmr','s2','s2','9b73ce2e5c72e9c8eb35ae3f509ef901b26ed3e9811f0782f3633cceab140918','IMG_2.jpg','Ana',NULL,'2026-11-28 12:44:08.773359','pending','board','board',NULL,NULL,'[]',NULL,NULL,1);
CREATE TABLE projects (
	id VARCHAR(200) NOT NULL, 
	title TEXT NOT NULL, 
	CONSTRAINT pk_projects PRIMARY KEY (id)
);
INSERT INTO "projects" VALUES('p1','Parcours');
CREATE TABLE recipe_stages (
	recipe VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR(128) NOT NULL, 
	CONSTRAINT pk_recipe_stages PRIMARY KEY (recipe, position), 
	CONSTRAINT fk_recipe_stages_recipe FOREIGN KEY(recipe) REFERENCES recipes (digest)
);
INSERT INTO "recipe_stages" VALUES('4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',0,'find',1,'f1');
INSERT INTO "recipe_stages" VALUES('4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',1,'read',1,'r1');
INSERT INTO "recipe_stages" VALUES('4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',2,'phase',1,'p1');
INSERT INTO "recipe_stages" VALUES('53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e',0,'find',1,'f1');
INSERT INTO "recipe_stages" VALUES('53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e',1,'read',2,'r2');
INSERT INTO "recipe_stages" VALUES('53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e',2,'phase',1,'p1');
CREATE TABLE recipes (
	digest VARCHAR(64) NOT NULL, 
	first_used_at DATETIME NOT NULL, 
	CONSTRAINT pk_recipes PRIMARY KEY (digest)
);
INSERT INTO "recipes" VALUES('4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c','2026-11-28 12:44:08.453767');
INSERT INTO "recipes" VALUES('53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e','2026-11-28 12:44:08.781450');
CREATE TABLE refusals (
	session_id VARCHAR(200) NOT NULL, 
	file_name TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	refused_at DATETIME NOT NULL, 
	CONSTRAINT pk_refusals PRIMARY KEY (session_id, file_name), 
	CONSTRAINT fk_refusals_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
INSERT INTO "refusals" VALUES('s2','film.mov','not a picture','2026-11-28 12:44:08.813000');
CREATE TABLE renditions (
	board_id VARCHAR(40) NOT NULL, 
	number INTEGER NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	blob VARCHAR(128) NOT NULL, 
	CONSTRAINT pk_renditions PRIMARY KEY (board_id, number, name), 
	CONSTRAINT fk_renditions_blob FOREIGN KEY(blob) REFERENCES blobs (digest), 
	CONSTRAINT fk_renditions_board_id FOREIGN KEY(board_id, number) REFERENCES results (board_id, number)
);
INSERT INTO "renditions" VALUES('1m8h2ycw7mgfevpc',1,'straight','0d0de96662580cc6766e716ea65c590b3e4853e84e0b563a5ed34b7f6b89771d');
INSERT INTO "renditions" VALUES('1m8h2yd3s0b2v05j',1,'straight','6e2c0f9a1c68d22e10047ec190a08ce9042dbc75ada3f7359b84af460d6c79b3');
CREATE TABLE results (
	board_id VARCHAR(40) NOT NULL, 
	number INTEGER NOT NULL, 
	recipe VARCHAR(64) NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	regions JSON NOT NULL, 
	phase JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_results PRIMARY KEY (board_id, number), 
	CONSTRAINT fk_results_board_id FOREIGN KEY(board_id) REFERENCES boards (id), 
	CONSTRAINT fk_results_recipe FOREIGN KEY(recipe) REFERENCES recipes (digest)
);
INSERT INTO "results" VALUES('1m8h2ycw7mgfevpc',1,'4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',460,760,'[{"kind":"text","polygon":[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]],"lines":[{"text":"enjeus","polygon":[[60.0,60.0],[260.0,60.0],[260.0,90.0],[60.0,90.0]],"confidence":0.8,"reader":"ppocr","others":[]}],"colour":null,"group":null}]','{"label":"SCAN","probabilities":{"SCAN":0.6,"FOCUS":0.3,"ACT":0.1},"steps":{},"evidence":["« enjeux »"],"source":"auto"}','2026-11-28 12:44:08.460837');
INSERT INTO "results" VALUES('1m8h2ycw7p498gc7',1,'4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',460,760,'[{"kind":"text","polygon":[[520.0,20.0],[980.0,20.0],[980.0,780.0],[520.0,780.0]],"lines":[{"text":"plan","polygon":[[560.0,60.0],[760.0,60.0],[760.0,90.0],[560.0,90.0]],"confidence":0.8,"reader":"ppocr","others":[]}],"colour":null,"group":null}]','{"label":"SCAN","probabilities":{"SCAN":0.6,"FOCUS":0.3,"ACT":0.1},"steps":{},"evidence":["« enjeux »"],"source":"auto"}','2026-11-28 12:44:08.462843');
INSERT INTO "results" VALUES('1m8h2yd3s0b2v05j',1,'4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',460,760,'[{"kind":"text","polygon":[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]],"lines":[{"text":"enjeus","polygon":[[60.0,60.0],[260.0,60.0],[260.0,90.0],[60.0,90.0]],"confidence":0.8,"reader":"ppocr","others":[]}],"colour":null,"group":null}]','{"label":"SCAN","probabilities":{"SCAN":0.6,"FOCUS":0.3,"ACT":0.1},"steps":{},"evidence":["« enjeux »"],"source":"auto"}','2026-11-28 12:44:08.698132');
INSERT INTO "results" VALUES('1m8h2yd3st1g1vcf',1,'4b109aaf1394aff17930ab35f3175e37de380a2f3fd447fbea3e4358bc2f6e8c',460,760,'[{"kind":"text","polygon":[[520.0,20.0],[980.0,20.0],[980.0,780.0],[520.0,780.0]],"lines":[{"text":"plan","polygon":[[560.0,60.0],[760.0,60.0],[760.0,90.0],[560.0,90.0]],"confidence":0.8,"reader":"ppocr","others":[]}],"colour":null,"group":null}]','{"label":"SCAN","probabilities":{"SCAN":0.6,"FOCUS":0.3,"ACT":0.1},"steps":{},"evidence":["« enjeux »"],"source":"auto"}','2026-11-28 12:44:08.698826');
INSERT INTO "results" VALUES('1m8h2ycw7mgfevpc',2,'53ad08ed1a0e00a8eeb12f2b362c06dc130208d4d11c718d05b8e2da4626043e',460,760,'[{"kind":"text","polygon":[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]],"lines":[{"text":"enjeu","polygon":[[60.0,60.0],[260.0,60.0],[260.0,90.0],[60.0,90.0]],"confidence":0.8,"reader":"ppocr","others":[]}],"colour":null,"group":null}]','{"label":"SCAN","probabilities":{"SCAN":0.6,"FOCUS":0.3,"ACT":0.1},"steps":{},"evidence":["« enjeux »"],"source":"auto"}','2026-11-28 12:44:08.784234');
CREATE TABLE sessions (
	id VARCHAR(200) NOT NULL, 
	title TEXT NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	method VARCHAR(40) NOT NULL, 
	lab TEXT NOT NULL, 
	project_id VARCHAR(200), 
	requesters JSON NOT NULL, 
	partners JSON NOT NULL, 
	begins DATE, 
	ends DATE, 
	themes JSON NOT NULL, 
	people JSON NOT NULL, 
	agenda JSON NOT NULL, 
	languages JSON NOT NULL, 
	visibility VARCHAR(40) NOT NULL, 
	retention_until DATE, 
	revision INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT fk_sessions_project_id FOREIGN KEY(project_id) REFERENCES projects (id)
);
INSERT INTO "sessions" VALUES('s1','Congé parental','codesign_flash','ase','Nantes','p1','[]','[]','2024-03-05',NULL,'[]','[{"name":"Anne","role":"facilitator"}]','[]','["fr","en"]','open',NULL,1,'2026-11-28 12:44:08.379661');
INSERT INTO "sessions" VALUES('s2','Bibliothèque','codesign_flash','ase','',NULL,'[]','[]',NULL,NULL,'[]','[]','[]','["fr","en"]','open',NULL,1,'2026-11-28 12:44:08.392978');
CREATE TABLE views (
	board_id VARCHAR(40) NOT NULL, 
	number INTEGER NOT NULL, 
	photo_id VARCHAR(40) NOT NULL, 
	quad JSON NOT NULL, 
	quad_confidence FLOAT NOT NULL, 
	whole_photo BOOLEAN NOT NULL, 
	homography JSON NOT NULL, 
	rotation INTEGER NOT NULL, 
	CONSTRAINT pk_views PRIMARY KEY (board_id, number, photo_id), 
	CONSTRAINT fk_views_board_id FOREIGN KEY(board_id, number) REFERENCES results (board_id, number), 
	CONSTRAINT fk_views_photo_id FOREIGN KEY(photo_id) REFERENCES photos (id)
);
INSERT INTO "views" VALUES('1m8h2ycw7mgfevpc',1,'1m8h2ycv3pnmdh1m','[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]]',0.9,0,'[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]',0);
INSERT INTO "views" VALUES('1m8h2ycw7p498gc7',1,'1m8h2ycv3pnmdh1m','[[520.0,20.0],[980.0,20.0],[980.0,780.0],[520.0,780.0]]',0.9,0,'[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]',0);
INSERT INTO "views" VALUES('1m8h2yd3s0b2v05j',1,'1m8h2yd2xbn6ehgm','[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]]',0.9,0,'[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]',0);
INSERT INTO "views" VALUES('1m8h2yd3st1g1vcf',1,'1m8h2yd2xbn6ehgm','[[520.0,20.0],[980.0,20.0],[980.0,780.0],[520.0,780.0]]',0.9,0,'[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]',0);
INSERT INTO "views" VALUES('1m8h2ycw7mgfevpc',2,'1m8h2ycv3pnmdh1m','[[20.0,20.0],[480.0,20.0],[480.0,780.0],[20.0,780.0]]',0.9,0,'[[1.0,0.0,0.0],[0.0,1.0,0.0],[0.0,0.0,1.0]]',0);
CREATE INDEX ix_recipe_stages_name ON recipe_stages (name, version, digest);
CREATE INDEX ix_sessions_project_id ON sessions (project_id);
CREATE INDEX ix_boards_session ON boards (session_id, retired, phase);
CREATE INDEX ix_materials_session_id ON materials (session_id);
CREATE INDEX ix_photos_blob ON photos (blob);
CREATE INDEX ix_photos_recipe ON photos (recipe);
CREATE INDEX ix_photos_state ON photos (state, session_id);
CREATE INDEX ix_corrections_board_id ON corrections (board_id);
CREATE INDEX ix_corrections_photo_id ON corrections (photo_id);
CREATE INDEX ix_jobs_due ON jobs (state, due);
CREATE INDEX ix_results_recipe ON results (recipe);
CREATE INDEX ix_renditions_blob ON renditions (blob);
CREATE INDEX ix_views_photo_id ON views (photo_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audit',9);
INSERT INTO "sqlite_sequence" VALUES('corrections',4);
COMMIT;
